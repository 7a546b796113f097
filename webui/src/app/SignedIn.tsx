import { Outlet } from "@tanstack/react-router";
import { setHelp, useHelpOpened } from "@/shared/actions/help";
import { presentActions } from "@/shared/actions/present";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { everywhere } from "@/shared/everywhere";
import { Notices } from "@/shared/notices/Notices";
import { useLater } from "@/shared/ui/useLater";

const loadHelp = async () => (await import("@/shared/actions/HelpDialog")).HelpDialog;

/** What every page has once somebody is signed in: keys, their list, and notices. */
export function SignedIn() {
  const help = useHelpOpened();
  const HelpDialog = useLater(loadHelp, help);
  useActionKeys(everywhere);
  return (
    <>
      <Outlet />
      <Notices />
      {help && HelpDialog !== null && (
        <HelpDialog actions={presentActions()} opened onClose={() => setHelp(false)} />
      )}
    </>
  );
}
