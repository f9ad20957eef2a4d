"""Best first: what is certain is always asked, guesses as far as the portal's yield allows, traps never."""

from crawler.discovery.frontier import CERTAIN, GUESSES, GUESSES_WHILE_HUNGRY, Candidate, Frontier
from crawler.discovery.listing import Ask

BASE = "http://portal.example/"


def candidate(path: str, score: int = 30, *, role: str = "other", group: str = "", parent: Candidate | None = None):
    return Candidate(url=BASE + path, role=role, score=score, group=group, parent=parent)


def drained(frontier: Frontier) -> list[str]:
    found = []
    while one := frontier.next():
        found.append(one.url.removeprefix(BASE))
    return found


def fed(frontier: Frontier) -> Frontier:
    """One report was found: guessing has its common measure."""
    frontier.reports = 1
    return frontier


def test_the_best_comes_first_and_equals_in_the_order_they_came() -> None:
    frontier = Frontier()
    for path, score in (("a", 40), ("b", 80), ("c", 40), ("d", 100)):
        assert frontier.propose(candidate(path, score))
    assert drained(frontier) == ["d", "b", "a", "c"]


def test_a_page_is_asked_for_once_however_it_is_spelled() -> None:
    frontier = Frontier()
    assert frontier.propose(candidate("a?x=1&y=2"))
    assert not frontier.propose(candidate("a?y=2&x=1"))
    frontier.mark(BASE + "b")
    assert not frontier.propose(candidate("b"))


def test_two_forms_posted_to_one_address_are_two_pages() -> None:
    frontier = Frontier()
    for page in (2, 3):
        ask = Ask(url=BASE + "proxy.jsp", listing="1", page=page, method="POST", body=f"page={page}")
        assert frontier.propose(Candidate(url=ask.url, role="column", score=75, ask=ask))


def test_what_is_certain_is_asked_when_nothing_may_be_guessed() -> None:
    frontier = Frontier(exploring=False)
    for path, score, role in (("way", CERTAIN - 1, "other"), ("list", CERTAIN, "column"), ("file", 0, "requisite")):
        frontier.propose(candidate(path, score, role=role))
    assert drained(frontier) == ["list", "file"]


def test_guesses_end_and_what_is_left_is_known() -> None:
    frontier = fed(Frontier())
    for number in range(GUESSES + 5):
        frontier.propose(candidate(str(number)))
    assert len(drained(frontier)) == GUESSES
    assert len(frontier.left()) == 5


def test_a_portal_that_showed_no_report_yet_is_worth_many_guesses() -> None:
    frontier = Frontier()
    for number in range(GUESSES_WHILE_HUNGRY + 5):
        frontier.propose(candidate(str(number), score=-number))
    assert len(drained(frontier)) == GUESSES_WHILE_HUNGRY


def test_the_more_reports_the_more_guesses() -> None:
    poor, rich = fed(Frontier()), Frontier(reports=100)
    for number in range(100):
        for frontier in (poor, rich):
            frontier.propose(candidate(str(number)))
    assert len(drained(poor)) < len(drained(rich)) < 100


def test_a_group_whose_first_pages_led_on_becomes_certain() -> None:
    frontier = fed(Frontier())
    bodies = [candidate(f"body/{number}", 32, group="bodies") for number in range(40)]
    for body in bodies:
        frontier.propose(body)
    for _ in range(3):
        asked = frontier.next()
        assert asked
        frontier.credit(asked)
    assert len(drained(frontier)) == 37


def test_a_group_whose_pages_lead_nowhere_falls_behind() -> None:
    frontier = fed(Frontier())
    for number in range(4):
        frontier.propose(candidate(f"body/{number}", 32, group="bodies"))
    frontier.propose(candidate("other", 27))
    for _ in range(2):
        asked = frontier.next()
        assert asked
        frontier.blame(asked)
    assert drained(frontier) == ["other", "body/2", "body/3"]


def test_what_is_found_is_credited_to_the_whole_way_and_gives_its_guesses_back() -> None:
    frontier = fed(Frontier())
    way = candidate("way", 40, group="home")
    frontier.propose(way)
    assert frontier.next() is way
    column = candidate("column", 30, group="way", parent=way)
    frontier.propose(column)
    assert frontier.next() is column
    assert frontier.guesses == 2
    frontier.credit(column)
    assert frontier.guesses == 0
    sibling = candidate("sibling", 20, group="home")
    frontier.propose(sibling)
    frontier.propose(candidate("stranger", 25, group="elsewhere"))
    assert frontier.next() is sibling


def test_a_trap_is_never_asked() -> None:
    frontier = Frontier()
    assert not frontier.propose(candidate("/".join(["a", "b"] * 20)))
    assert drained(frontier) == []


def test_what_waits_as_a_guess_is_asked_as_what_it_turns_out_to_be() -> None:
    frontier = fed(Frontier(exploring=False))
    assert frontier.propose(candidate("nb", 20))
    assert frontier.propose(candidate("nb", 80, role="column"))
    assert not frontier.propose(candidate("nb", 70))
    asked = frontier.next()
    assert asked
    assert (asked.role, frontier.next(), frontier.left()) == ("column", None, [])


def test_a_lists_further_page_is_asked_as_such_though_its_address_was_known() -> None:
    frontier, ask = Frontier(), Ask(url=BASE + "index_1.html", listing="nb", page=2)
    frontier.propose(candidate("index_1.html", 74, role="column"))
    assert frontier.propose(Candidate(url=ask.url, role="column", score=20, ask=ask))
    asked = frontier.next()
    assert asked
    assert asked.ask == ask
