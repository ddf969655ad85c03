"""What every store of the log promises, whichever kind it is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from jupyter_privguard.audit.anchor import check_anchored
from jupyter_privguard.audit.checkpoint import open_note
from jupyter_privguard.audit.verify import prove, verify
from jupyter_privguard.errors import LogError
from tests.contract.conftest import RING, Sqlite, entry

Writer = Callable[..., subprocess.Popen[str]]


def filled(kept: Sqlite, records: int) -> str:
    """Append so many records; the checkpoint over them."""
    with kept.open() as log:
        for number in range(records):
            log.append(entry(number))
    kept.settle()
    return kept.reader().checkpoint


def test_records_come_back_in_their_order_and_the_whole_is_proven(kept: Sqlite) -> None:
    texts = ["plain", "", "é\u0000", "\\u0000", '"\\', "日本\n", "\u2028"]
    with kept.open() as log:
        stored = [log.append({**entry(number), "text": text}) for number, text in enumerate(texts)]
    kept.settle()

    verified = verify(kept.reader())

    assert list(verified.events) == stored
    assert [event["seq"] for event in stored] == list(range(1, len(texts) + 1))
    assert open_note(verified.checkpoint, RING.vkey).root == verified.root


def test_records_of_a_group_stand_side_by_side_in_their_order(kept: Sqlite) -> None:
    with kept.open() as log:
        log.append(entry(0))
        stored = log.append_many([entry(number) for number in range(1, 8)])
        with pytest.raises(TypeError):
            log.append_many([entry(99), {**entry(98), "share": 0.5}])
        log.append(entry(8))
    kept.settle()

    events = verify(kept.reader()).events

    assert [event["number"] for event in events] == list(range(9))
    assert list(events[1:8]) == stored
    assert prove(kept.reader(), checkpoint=kept.reader().checkpoint).size == 9


def test_a_log_that_nothing_was_written_to_is_whole(kept: Sqlite) -> None:
    kept.open().close()
    kept.settle()

    assert verify(kept.reader()).size == 0


def test_readers_page_pick_and_look_back(kept: Sqlite) -> None:
    filled(kept, 12)
    reader = kept.reader()

    assert reader.size == 12
    assert [event["number"] for event in reader.events(after=9)] == [9, 10, 11]
    assert [event["number"] for event in reader.events(after=3, limit=2)] == [3, 4]
    assert [event["seq"] for event in reader.at([2, 5, 99])] == [2, 5]
    assert [event["seq"] for event in reader.since(datetime(2000, 1, 1, tzinfo=UTC))] == list(range(12, 0, -1))
    assert reader.root_at(12) == open_note(reader.checkpoint, RING.vkey).root
    assert reader.root_at(13) is None
    assert [json.loads(line)["number"] for line in reader.lines()] == list(range(12))


def test_one_reading_sees_one_moment(kept: Sqlite) -> None:
    filled(kept, 2)
    reader, seen = kept.reader(), []

    with kept.open() as log:

        def work(snapshot: object) -> None:
            seen.append(snapshot.head().size)  # type: ignore[attr-defined]
            if len(seen) == 1:
                log.append(entry(9))
                kept.settle()
            seen.append(len(list(snapshot.rows())))  # type: ignore[attr-defined]

        reader.snapshot(work)

    assert seen[-1] == seen[-2]
    assert reader.size == 3


def test_a_kept_checkpoint_is_extended_and_an_anchor_agrees(kept: Sqlite) -> None:
    checkpoint = filled(kept, 5)
    filled(kept, 4)

    assert prove(kept.reader(), checkpoint=checkpoint).size == 9
    assert prove(kept.reader(), checkpoint=checkpoint, is_trusted=True).size == 9
    check_anchored(kept.reader(), [open_note(checkpoint, RING.vkey)])


def test_eight_writers_at_once_lose_nothing_and_repeat_nothing(kept: Sqlite, writer: Writer) -> None:
    kept.open().close()
    writers = {f"w{n}": writer(kept, f"w{n}", 10) for n in range(8)}
    for one in writers.values():
        one.communicate(timeout=60)
        assert one.returncode == 0
    kept.settle()

    events = verify(kept.reader()).events

    assert len(events) == 80
    for name in writers:
        assert [event["number"] for event in events if event["session"] == name] == list(range(10))


def test_what_was_acknowledged_survives_the_death_of_its_writer(kept: Sqlite, writer: Writer) -> None:
    process = writer(kept, "w", 100_000)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(25)]
    process.kill()
    acknowledged += map(int, process.communicate()[0].splitlines())
    with kept.open() as log:
        log.append(entry(0, session="next"))
    kept.settle()

    events = verify(kept.reader()).events

    own = [event for event in events if event["session"] == "w"]
    assert {event["seq"] for event in own} >= set(acknowledged)
    assert [event["number"] for event in own] == list(range(len(own)))
    assert events[-1]["session"] == "next"


@pytest.mark.parametrize(
    ("seq", "line", "said"),
    [
        (3, None, "record 3 of 6 is missing"),
        (6, None, "record 6 of 6 is missing"),
        (2, "other", "record 2 of 6 was changed"),
        (4, '{"seq":4,"principal":{"id":"asha"}}', "record 4 of 6 was changed"),
        (5, '{"seq":1,"principal":{"id":"asha"}}', "record 5 of 6 was replaced by a copy of record 1"),
    ],
)
def test_what_is_done_to_records_is_found(kept: Sqlite, seq: int, line: str | None, said: str) -> None:
    filled(kept, 6)
    kept.change(seq=seq, line='{"other":1}' if line == "other" else line)

    with pytest.raises(LogError, match=said):
        verify(kept.reader())


@pytest.mark.parametrize("text", ["delete from records", "update records set seq = 9 where seq = 1"])
def test_a_writer_cannot_take_a_record_back(kept: Sqlite, text: str) -> None:
    filled(kept, 3)

    with pytest.raises(Exception, match=r"append-only|^$"):
        kept.plainly(text)

    assert verify(kept.reader()).size == 3
