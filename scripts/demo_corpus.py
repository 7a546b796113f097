"""Write the demo corpus: comments that residents of an invented town send to its council.

    python scripts/demo_corpus.py

Every sentence was written for Kodkod; a seeded generator combines them. Streets, districts and
events are invented, and no real person is named.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
from pathlib import Path

from demo_sentences import CLOSINGS, DISTRICTS, NUMBERS, OPENINGS, SOURCES, STREETS, TOPICS

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "kernel" / "src" / "kodkod" / "demo" / "comments.csv"
SEED = 20
PER_TOPIC = 60
FIRST_DAY = dt.date(2025, 3, 3)
DAYS = 210


def sentence(template: str, rng: random.Random) -> str:
    """Fill the slots of a template."""
    street, other = rng.sample(STREETS, 2)
    text = template.format(street=street, other=other, n=rng.choice(NUMBERS))
    return text[0].upper() + text[1:]


def comment(topic: str, number: int, rng: random.Random) -> str:
    """Put a comment together: what it is about, a detail, and perhaps a wish."""
    matters, details, wishes = TOPICS[topic]
    parts = [sentence(matters[number % len(matters)], rng)]
    if rng.random() < 0.8:
        parts.append(sentence(details[(number * 7 + rng.randrange(3)) % len(details)], rng))
    if rng.random() < 0.6:
        parts.append(sentence(wishes[(number * 5 + rng.randrange(4)) % len(wishes)], rng))
    if rng.random() < 0.35:
        parts.insert(0, rng.choice(OPENINGS))
    if rng.random() < 0.25:
        parts.append(rng.choice(CLOSINGS))
    return " ".join(parts)


def rows(rng: random.Random) -> list[dict[str, str]]:
    """Return the corpus in the order in which the comments came in."""
    written: dict[str, str] = {}
    for topic in TOPICS:
        number = made = 0
        while made < PER_TOPIC:
            text = comment(topic, number, rng)
            number += 1
            if text not in written:
                written[text] = topic
                made += 1
    texts = list(written)
    rng.shuffle(texts)
    days = sorted(rng.randrange(DAYS) for _ in texts)
    return [
        {
            "id": f"c{number:04d}",
            "text": text,
            "date": (FIRST_DAY + dt.timedelta(days=day)).isoformat(),
            "source": rng.choice(SOURCES),
            "district": rng.choice(DISTRICTS),
            "topic": written[text],
        }
        for number, (text, day) in enumerate(zip(texts, days, strict=True), start=1)
    ]


def main() -> None:
    """Write the file."""
    corpus = rows(random.Random(SEED))  # noqa: S311 - texts, not secrets
    if any(re.search(r"[{}]", row["text"]) for row in corpus):
        raise SystemExit("a slot was left unfilled")
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(corpus[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(corpus)


if __name__ == "__main__":
    main()
