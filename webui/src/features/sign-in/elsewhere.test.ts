import { expect, test } from "vitest";
import { beginAddress, readComeBack } from "./elsewhere";

test("a code is read from behind the #", () => {
  expect(readComeBack("#code=abc")).toEqual({ code: "abc", refusal: null });
  expect(readComeBack("")).toEqual({ code: null, refusal: null });
});

test("a refusal is said in words of ours, whatever the link says", () => {
  expect(readComeBack("#refused=unavailable").refusal).toMatch(/does not answer/);
  expect(readComeBack("#refused=%3Cb%3EPay%20here").refusal).toBe("You could not be signed in.");
  expect(readComeBack("#refused=constructor").refusal).not.toMatch(/function/);
});

test("where one was going is taken along", () => {
  expect(beginAddress("/auth/oidc/begin", "/projects/a?x=1")).toBe(
    "/auth/oidc/begin?to=%2Fprojects%2Fa%3Fx%3D1",
  );
});
