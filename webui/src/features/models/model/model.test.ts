import { describe, expect, it } from "vitest";
import type { CalibrationBin, JobPoint, JobView } from "@/api/schema";
import { calibrated, confidence } from "./bins";
import { courses } from "./courses";
import { drawnBy, gaining } from "./curve";

const at = (values: Record<string, number>): JobPoint => ({ at: "2026-11-24T12:00:00Z", values });

describe("a training's course", () => {
  it("is drawn by step and epoch, losses apart from scores", () => {
    const found = courses([
      at({ step: 1, loss: 2, learning_rate: 0.1 }),
      at({ step: 2, loss: 1 }),
      at({ epoch: 1, valid_loss: 1.5, valid_macro_f1: 0.4 }),
      at({ texts_per_second: 9 }),
      at({ step: 1, loss: 1.9 }),
    ]);
    expect(found.map(({ key }) => key)).toEqual(["loss step", "loss epoch", "score epoch"]);
    expect(found[0]?.series[0]?.points).toEqual([
      { x: 1, y: 1.9 },
      { x: 2, y: 1 },
    ]);
  });

  it("is none where nothing was reported by step", () => {
    expect(courses([at({ loss: 1 }), at({ texts_per_second: 3 })])).toEqual([]);
  });
});

describe("calibration", () => {
  const bin = (n: number, mean: number, value: number): CalibrationBin => ({
    low: mean - 0.05,
    high: mean + 0.05,
    n,
    mean_probability: mean,
    came_true: { value, low: value - 0.1, high: value + 0.1 },
  });

  it("is drawn beside the diagonal, with how many predictions there are", () => {
    const { lines, counts } = calibrated([bin(10, 0.5, 0.4), bin(0, 0.7, 0), bin(30, 0.9, 0.8)]);
    expect(lines.map(({ points }) => points.map(({ x, y }) => [x, y]))).toEqual([
      [
        [0.5, 0.4],
        [0.9, 0.8],
      ],
      [
        [0.5, 0.5],
        [0.9, 0.9],
      ],
    ]);
    expect(counts.map(({ value }) => value)).toEqual([10, 30]);
    expect(calibrated([])).toEqual({ lines: [], counts: [] });
  });

  it("is told in a sentence", () => {
    expect(confidence([bin(10, 0.9, 0.6)])).toMatch(/^It is surer than it should be: 90 %/);
    expect(confidence([bin(10, 0.6, 0.9)])).toMatch(/^It is less sure than it could be/);
    expect(confidence([bin(10, 0.6, 0.61)])).toMatch(/^On average its probabilities are right/);
  });
});

describe("a learning curve", () => {
  const point = (n: number, value: number | null) => ({
    n,
    score: value === null ? { value } : { value, low: value - 0.05, high: value + 0.05 },
  });

  it("says what the last stretch has brought", () => {
    expect(gaining([point(10, 0.3), point(50, 0.6)])).toMatch(/^More labels still help: from 10/);
    expect(gaining([point(10, 0.3), point(50, 0.34)])).toMatch(/which may be chance/);
    expect(gaining([point(10, 0.3), point(50, 0.3)])).toMatch(/gained nothing/);
    expect(gaining([point(10, 0.3), point(50, null)])).toMatch(/^There are too few/);
  });

  it("is the newest of the model", () => {
    const job = (id: string, model: string) =>
      ({ id, kind: "learning-curve", result: { model, points: [] } }) as unknown as JobView;
    expect(drawnBy([job("new", "m"), job("old", "m")], "m")?.job.id).toBe("new");
    expect(drawnBy([job("new", "m")], "other")).toBeNull();
  });
});
