import { expect, it } from "vitest";
import { firstOrder } from "./order";

const GUIDE = { strategy: "rare-mix", strategy_params: { rare: ["waste"] } };

it("begins with the order that counts", () => {
  const chosen = { strategy: "max-probability", params: { label: "parks" } };
  expect(firstOrder(chosen, GUIDE)).toEqual({
    name: "max-probability",
    params: { label: "parks" },
  });
  expect(firstOrder({ strategy: null }, GUIDE)).toEqual({
    name: "rare-mix",
    params: { rare: ["waste"] },
  });
  expect(firstOrder({ strategy: null }, null)).toEqual({ name: "random", params: {} });
});
