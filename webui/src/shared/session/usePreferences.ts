import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMode } from "@/shared/form/mode";
import type { APPEARANCES } from "@/shared/theme/appearance";
import { meQuery } from "./me";
import { adopt, remember } from "./preferences";

/** Take up what whoever is signed in prefers, once it is known. */
export function useAdoptedPreferences(): void {
  const me = useQuery(meQuery).data;
  const { setColorScheme } = useMantineColorScheme();
  const [, setMode] = useMode();
  const username = me?.username;
  // Once for each person: what is chosen here later is newer than what was known then.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as said.
  useEffect(() => {
    if (me !== undefined) adopt(me.preferences, { setMode, setColors: setColorScheme });
  }, [username]);
}

type Appearance = (typeof APPEARANCES)[number];

/** The page's look, and how it is changed here and on other machines. */
export function useAppearance(): [Appearance, (chosen: Appearance) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (chosen: Appearance) => {
    setColorScheme(chosen);
    void remember({ colors: chosen === "auto" ? null : chosen });
  };
  return [colorScheme, choose];
}
