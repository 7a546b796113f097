import { expect, it } from "vitest";
import { currentFirst, device, passwordFault, scopeWords } from "./words";

it("tells what somebody signed in with, or that nobody knows", () => {
  expect(device("Firefox on Linux")).toBe("Firefox on Linux");
  expect(device("")).toBe("Something that does not say what it is");
});

it("says what a token allows", () => {
  expect(scopeWords(["read"])).toBe("reads only");
  expect(scopeWords(["read", "write"])).toBe("reads and changes");
});

it("compares a new password once it was typed twice", () => {
  expect(passwordFault("secret", "")).toBeNull();
  expect(passwordFault("secret", "secret")).toBeNull();
  expect(passwordFault("secret", "secert")).toBe("The two are not the same.");
});

it("puts the session that asks first", () => {
  const sessions = [
    { id: 1, current: false },
    { id: 2, current: true },
    { id: 3, current: false },
  ];
  expect(currentFirst(sessions).map(({ id }) => id)).toEqual([2, 1, 3]);
});
