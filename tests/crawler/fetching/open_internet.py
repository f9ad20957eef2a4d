"""The `nianbao` command in a world where 127.0.0.2 is of the open internet: the address guard must have something to
let through, so that a test sees what it does not."""

from crawler.fetching import address_guard

guard = address_guard.is_public
address_guard.is_public = lambda address: address == "127.0.0.2" or guard(address)

if __name__ == "__main__":
    from scheduler.cli import main

    main()
