"""What is lost when a process is killed, a disk fills up or a store goes away: nothing that a spider saw."""
