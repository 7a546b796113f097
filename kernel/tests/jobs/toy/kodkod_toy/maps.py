import json

import numpy as np

from kodkod.api import FoundTopics, InvalidInputError, Projection, Topic, TopicModel, TopicWord


class Line(Projection):
    """Points (first column less its mean when learnt, 1 for what was learnt from, else 2)."""

    def fit(self, matrix, ctx):
        matrix = matrix.toarray() if hasattr(matrix, "toarray") else matrix
        self.mean = float(matrix[:, 0].mean())
        ctx.progress(0.5, "laying out")
        return np.column_stack([matrix[:, 0] - self.mean, np.ones(matrix.shape[0])]).astype("f4")

    def transform(self, matrix, ctx):
        points = np.full((matrix.shape[0], 2), 2, dtype=np.float32)
        points[:, 0] = matrix[:, 0] - self.mean
        return points

    def save(self, folder):
        (folder / "mean.json").write_text(json.dumps(self.mean))

    def load(self, folder):
        self.mean = json.loads((folder / "mean.json").read_text())


class Letter(TopicModel):
    """A topic for each first letter: `x` is 0, `y` is 1; parts of a topic halve its texts."""

    def __init__(self, params):
        super().__init__(params)
        self.sizes = {}
        self.next_id = 2

    def fit(self, batch, matrix, ctx):
        given = np.array([0 if text[0] == "x" else 1 for text in batch.texts], dtype=np.int32)
        given[0] = -1
        self.sizes = {id_: int((given == id_).sum()) for id_ in (0, 1)}
        return FoundTopics(topics=self.topics(), assigned=given)

    def topics(self):
        found = [
            Topic(
                id=id_,
                size=size,
                name=f"topic {id_}",
                words=(TopicWord("xy"[id_ % 2], 1.0),),
                representative=(2 if id_ == 0 else 1,),
            )
            for id_, size in self.sizes.items()
        ]
        return tuple(sorted(found, key=lambda topic: -topic.size))

    def assign(self, matrix, ctx, *, outliers=True):
        far = np.asarray(matrix)[:, 0]
        given = (far > 0).astype(np.int32)
        if outliers:
            given[far > 50] = -1
        return given

    def membership(self, matrix, ctx):
        return np.full((matrix.shape[0], len(self.sizes)), 1 / len(self.sizes), dtype=np.float32)

    def merge(self, ids):
        if len(set(ids)) < 2:
            raise InvalidInputError("Name two; or more.")
        self.sizes[ids[0]] += sum(self.sizes.pop(id_) for id_ in ids[1:])
        return ids[0]

    def split(self, id_, into, batch, matrix, ctx):
        given = np.full(len(batch), id_, dtype=np.int32)
        given[len(batch) // 2 + 1 :] = self.next_id
        self.sizes[self.next_id] = int((given == self.next_id).sum())
        self.sizes[id_] = int((given == id_).sum())
        self.next_id += 1
        return given

    def absorb(self, ids, batch, *, new):
        assert len(ids) == len(batch)
        for id_ in self.sizes:
            self.sizes[id_] += int((ids == id_).sum())

    def save(self, folder):
        (folder / "sizes.json").write_text(json.dumps([self.sizes, self.next_id]))

    def load(self, folder):
        sizes, self.next_id = json.loads((folder / "sizes.json").read_text())
        self.sizes = {int(id_): size for id_, size in sizes.items()}
