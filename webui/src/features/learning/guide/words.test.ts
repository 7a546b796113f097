import { describe, expect, it } from "vitest";
import { aBelief, aGuide } from "../testing";
import {
  agreementSentence,
  changeSentence,
  coldSentence,
  labelShifts,
  refreshWords,
  uncertaintySentence,
} from "./words";

describe("the guide says", () => {
  it("how often it was right, where there is enough to say so", () => {
    expect(agreementSentence(aGuide({ agreed: 83, compared: 100 }))).toBe(
      "The guide agrees with 83 of the last 100 annotations.",
    );
    expect(agreementSentence(aGuide({ agreed: 3, compared: 4 }))).toMatch(/too few/);
    expect(agreementSentence(aGuide({ agreed: 0, compared: 0 }))).toMatch(/nobody knows how often/);
    expect(agreementSentence(aGuide({ state: "waiting" }))).toMatch(/waits/);
  });

  it("what is missing while it starts cold", () => {
    const needed = { denial: 2, neutral: 0, support: 1 };
    expect(coldSentence(aGuide({ cold: { needed } }), "Between two labels", "Typical texts")).toBe(
      "2 of denial and 1 of support are missing before “Between two labels” takes over. Until then texts come by “Typical texts”.",
    );
    const one = aGuide({ cold: { needed: { denial: 1 } } });
    expect(coldSentence(one, "A", "B")).toMatch(/^1 of denial is missing /);
    expect(coldSentence(aGuide({ cold: null }), "A", "B")).toBeNull();
    expect(coldSentence(aGuide({ cold: { needed: { denial: 0 } } }), "A", "B")).toBeNull();
  });

  it("no endless list of what is missing", () => {
    const needed = Object.fromEntries(Array.from({ length: 77 }, (_, at) => [`label ${at}`, 2]));
    expect(coldSentence(aGuide({ cold: { needed } }), "A", "B")).toMatch(
      /^2 of label 0, .* and some of 73 other labels are missing/,
    );
  });

  it("how uncertain it is", () => {
    const says = (uncertainty: number, uncertainty_before: number | null) =>
      uncertaintySentence(aBelief({ uncertainty, uncertainty_before })).replace(/^.* is /, "");
    expect(says(0.42, 0.47)).toBe("42 % of the most there could be, down from 47 %.");
    expect(says(0.5, 0.47)).toBe("50 % of the most there could be, up from 47 %.");
    expect(says(0.5, 0.5002)).toBe("50 % of the most there could be, as at the refresh before.");
    expect(says(0.5, null)).toBe("50 % of the most there could be.");
  });

  it("how much it has changed its mind", () => {
    expect(changeSentence(aBelief({ changed: 0.0175, kappa: 0.974 }), 400)).toBe(
      "7 texts of 400 got another label at the last refresh (kappa with the one before: 0.97).",
    );
    expect(changeSentence(aBelief({ changed: 0, kappa: null }), 400)).toMatch(/^No text/);
    expect(changeSentence(aBelief({ changed: null }), 400)).toBeNull();
  });

  it("when it learns", () => {
    expect(refreshWords({ refresh_every: 10, refresh_idle_seconds: 5 })).toBe(
      "every 10 annotations and once nobody has annotated for 5 seconds",
    );
    expect(refreshWords({ refresh_every: 0, refresh_idle_seconds: null })).toBe(
      "only when somebody asks",
    );
    expect(refreshWords({ refresh_every: 1, refresh_idle_seconds: null })).toBe(
      "every 1 annotation",
    );
  });
});

it("labels are ordered by their share, with what changed", () => {
  const belief = aBelief({
    share: { a: 0.2, b: 0.7, c: 0.1 },
    share_before: { a: 0.25, b: 0.6998 },
  });
  expect(labelShifts(belief).map(({ label, change }) => [label, change])).toEqual([
    ["b", "as before"],
    ["a", "−5.0 points"],
    ["c", ""],
  ]);
});
