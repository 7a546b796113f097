import { type ReactNode, useId } from "react";
import classes from "./Strip.module.css";

interface Props {
  name: string;
  value: string;
  title?: string;
  children: ReactNode;
  onChange: (value: string) => void;
}

/** A choice within the line. */
export function Quick({ name, value, title, children, onChange }: Props) {
  const id = useId();
  return (
    <div className={classes.choice} title={title}>
      <label htmlFor={id}>{name}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
          // The keys are for coding again.
          event.currentTarget.blur();
        }}
      >
        {children}
      </select>
    </div>
  );
}
