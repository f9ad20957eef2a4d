import pytest

from crawler.demo.grid import texts
from crawler.demo.statistics import OUTCOMES_2019, OUTCOMES_2021, applications, disputes
from crawler.demo.tables import application_table, dispute_table, proactive_2021

FORMS = [(OUTCOMES_2021, 25), (OUTCOMES_2019, 23)]


def numbers(grid):
    return [int(text) for text in texts(grid) if text.isdecimal()]


@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize(("outcomes", "rows"), FORMS)
def test_applications_reconcile_in_every_column_and_row(outcomes, rows, seed):
    table = applications(outcomes, seed)
    assert [len(row) for row in table] == [7] * rows
    for received, carried_over, *results, handled, forward in zip(*table, strict=True):
        assert received + carried_over == handled + forward
        assert handled == sum(results)
    assert all(row[-1] == sum(row[:-1]) for row in table)
    assert min(min(row) for row in table) >= 0


@pytest.mark.parametrize("seed", range(14))
def test_disputes_are_three_times_four_results_and_their_total(seed):
    row = disputes(seed)
    assert len(row) == 15
    assert all(sum(row[start : start + 4]) == row[start + 4] for start in (0, 5, 10))


def test_printed_tables_hold_10_175_and_15_numbers():
    assert len(numbers(proactive_2021(5))) == 10
    assert len(numbers(application_table(OUTCOMES_2021, 5))) == 175
    assert len(numbers(dispute_table(5))) == 15


@pytest.mark.parametrize(("outcomes", "rows"), FORMS)
def test_every_row_of_the_applications_table_is_ten_columns_wide(outcomes, rows):
    grid = application_table(outcomes, 3)
    filled = [0] * len(grid)
    for place, cells in enumerate(grid):
        for cell in cells:
            for below in range(place, place + cell.rows):
                filled[below] += cell.columns
    assert filled == [10] * (rows + 3)


def test_seed_nought_is_a_body_to_whom_nothing_happened():
    assert set(numbers(application_table(OUTCOMES_2021, 0))) == {0}
