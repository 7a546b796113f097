import { describe, expect, it } from "vitest";
import { aDisagreement } from "../testing";
import { frontOf, neighbour, undecided } from "./queue";

const queue = ["1", "2", "3"].map((id) => aDisagreement(id));

describe("frontOf", () => {
  it("begins with the most severe", () => {
    expect(frontOf(queue, null)?.item.id).toBe("1");
    expect(frontOf([], null)).toBeNull();
  });

  it("shows a chosen text as it is now, and keeps it though it left the queue", () => {
    const fresh = [aDisagreement("1"), aDisagreement("2", { seen: [1, 9] })];
    expect(frontOf(fresh, aDisagreement("2"))).toEqual({ item: fresh[1], at: 1 });
    expect(frontOf(fresh, aDisagreement("3"))).toMatchObject({ item: { id: "3" }, at: null });
  });
});

it("goes on from a text, and from the top where that one is gone", () => {
  expect(neighbour(queue, "2")?.id).toBe("3");
  expect(neighbour(queue, "2", -1)?.id).toBe("1");
  expect(neighbour(queue, "3")).toBeNull();
  expect(neighbour(queue, "gone")?.id).toBe("1");
});

it("leaves out what was just decided until something is said of it anew", () => {
  expect(undecided(queue, new Map([["2", [1, 2]]])).map(({ id }) => id)).toEqual(["1", "3"]);
  expect(undecided(queue, new Map([["2", [1]]])).length).toBe(3);
});
