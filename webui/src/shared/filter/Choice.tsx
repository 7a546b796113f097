import { type ReactNode, type Ref, useId } from "react";
import classes from "./Filter.module.css";

interface Props {
  name: string;
  value: string;
  children: ReactNode;
  onChange: (value: string) => void;
  select?: Ref<HTMLSelectElement>;
}

/** One of a few, with its name above. */
export function Choice({ name, value, children, onChange, select }: Props) {
  const id = useId();
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{name}</label>
      <select
        id={id}
        ref={select}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {children}
      </select>
    </div>
  );
}
