import { Modal } from "@mantine/core";
import { type Action, bySection, shownKey } from "./action";
import classes from "./HelpDialog.module.css";

interface Props {
  actions: readonly Action[];
  opened: boolean;
  onClose: () => void;
}

/** Every action with its keys, straight from the registry. */
export function HelpDialog({ actions, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keys"
      size="lg"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={classes.sections}>
        {bySection(actions).map(([section, listed]) => (
          <section key={section} className={classes.section}>
            <h3>{section}</h3>
            <dl className={classes.list}>
              {listed.map((action) => (
                <div key={action.id} className={classes.line}>
                  <dt>
                    {action.keys.length === 0 && <span className={classes.none}>-</span>}
                    {action.keys.map((key) => (
                      <kbd key={key}>{shownKey(key)}</kbd>
                    ))}
                  </dt>
                  <dd>{action.title}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
