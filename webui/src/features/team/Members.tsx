import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { notify } from "@/shared/notices/notices";
import { PROJECT_ROLES, type ProjectRole, roleName } from "@/shared/project/roles";
import { meQuery } from "@/shared/session/me";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { groupsQuery, membersQuery, putGroup, putMember, removeGroup, removeMember } from "./api";
import classes from "./Team.module.css";

interface Props {
  slug: string;
  manages: boolean;
}

/** Who belongs to the project, and what each may do. */
export function Members({ slug, manages }: Props) {
  const client = useQueryClient();
  const members = useQuery(membersQuery(slug));
  const me = useQuery(meQuery);
  const again = () => client.invalidateQueries({ queryKey: ["project", slug] });
  const setting = useMutation({
    mutationFn: ({ name, role }: Standing) => putMember(slug, name, role),
    onSettled: again,
  });
  const removing = useMutation({
    mutationFn: ({ name }: Standing) => removeMember(slug, name),
    onSuccess: (_, gone) => tellOfRemoval(gone, () => setting.mutate(gone)),
    onSettled: again,
  });
  const error = members.error ?? setting.error ?? removing.error;
  return (
    <section aria-labelledby="members" className={classes.section}>
      <h2 id="members">{t("Members")}</h2>
      {manages && (
        <AddForm
          title={t("Add a member")}
          label={t("Username")}
          about={t("Of somebody with an account; invite whoever has none.")}
          pending={setting.isPending}
          onAdd={setting.mutate}
        />
      )}
      {error && <Notice error={error} />}
      {members.isPending && <Skeleton />}
      <ul className={classes.list}>
        {(members.data ?? []).map(({ username, role, own, groups }) => (
          <StandingLine
            key={username}
            name={username}
            role={role}
            own={own ?? null}
            about={
              username === me.data?.username ? t("you, {{role}}", { role: roleName(role) }) : null
            }
            manages={manages}
            onRole={(chosen) => setting.mutate({ name: username, role: chosen })}
            onRemove={() => removing.mutate({ name: username, role: own ?? role })}
          >
            {groups
              .map((each) =>
                t("{{role}} by the group {{group}}", {
                  role: roleName(each.role),
                  group: each.group,
                }),
              )
              .join(", ")}
          </StandingLine>
        ))}
      </ul>
    </section>
  );
}

/** Groups that belong to the project as one; whoever keeps a group decides who is in it. */
export function Groups({ slug, manages }: Props) {
  const client = useQueryClient();
  const groups = useQuery(groupsQuery(slug));
  const again = () => client.invalidateQueries({ queryKey: ["project", slug] });
  const setting = useMutation({
    mutationFn: ({ name, role }: Standing) => putGroup(slug, name, role),
    onSettled: again,
  });
  const removing = useMutation({
    mutationFn: ({ name }: Standing) => removeGroup(slug, name),
    onSuccess: (_, gone) => tellOfRemoval(gone, () => setting.mutate(gone)),
    onSettled: again,
  });
  const error = groups.error ?? setting.error ?? removing.error;
  if (!manages && (groups.data ?? []).length === 0) return null;
  return (
    <section aria-labelledby="groups" className={classes.section}>
      <h2 id="groups">{t("Groups")}</h2>
      <p>
        {t(
          "All of a group belong to the project while they are in it; whoever keeps the group decides who that is.",
        )}
      </p>
      {manages && (
        <AddForm
          title={t("Add a group")}
          label={t("Name of the group")}
          about={null}
          pending={setting.isPending}
          onAdd={setting.mutate}
        />
      )}
      {error && <Notice error={error} />}
      <ul className={classes.list}>
        {(groups.data ?? []).map(({ group, role }) => (
          <StandingLine
            key={group}
            name={group}
            role={role}
            own={role}
            about={null}
            manages={manages}
            onRole={(chosen) => setting.mutate({ name: group, role: chosen })}
            onRemove={() => removing.mutate({ name: group, role })}
          />
        ))}
      </ul>
    </section>
  );
}

/** A person or a group, and the role. */
interface Standing {
  readonly name: string;
  readonly role: ProjectRole;
}

function tellOfRemoval({ name }: Standing, undo: () => void): void {
  notify({
    id: `removed-${name}`,
    tone: "good",
    title: t("{{name}} is out of the project", { name }),
    text: t("What was annotated stays."),
    action: { title: t("Undo"), run: undo },
  });
}

interface LineProps {
  name: string;
  role: ProjectRole;
  /** The role that somebody has by themselves, and not by a group. */
  own: ProjectRole | null;
  about: string | null;
  manages: boolean;
  onRole: (role: ProjectRole) => void;
  onRemove: () => void;
  children?: ReactNode;
}

function StandingLine({ name, role, own, about, manages, onRole, onRemove, children }: LineProps) {
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3 dir="auto">{name}</h3>
        <span className={classes.kind}>{about ?? roleName(role)}</span>
        {children !== undefined && children !== "" && <p>{children}</p>}
      </div>
      {manages && (
        <div className={classes.tools}>
          <Select
            size="xs"
            w="9rem"
            aria-label={t("Role of {{name}}", { name })}
            data={PROJECT_ROLES.map(({ value, label }) => ({ value, label }))}
            value={own}
            placeholder={t("by group")}
            allowDeselect={false}
            onChange={(value) => value !== null && onRole(value as ProjectRole)}
          />
          {own !== null && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("Take out {{name}}", { name })}
              onClick={onRemove}
            >
              {t("Take out")}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

interface AddProps {
  title: string;
  label: string;
  about: string | null;
  pending: boolean;
  onAdd: (standing: Standing) => void;
}

function AddForm({ title, label, about, pending, onAdd }: AddProps) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<ProjectRole>("annotator");
  return (
    <form
      className={classes.form}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ name: name.trim(), role });
        setName("");
      }}
    >
      <div className={classes.pair}>
        <TextInput
          label={label}
          description={about}
          value={name}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RoleSelect value={role} onChange={setRole} />
      </div>
      <div className={classes.end}>
        <Button type="submit" loading={pending} disabled={name.trim() === ""}>
          {t("Add")}
        </Button>
      </div>
    </form>
  );
}

interface RoleProps {
  value: ProjectRole;
  onChange: (role: ProjectRole) => void;
}

/** A role, with what it allows. */
export function RoleSelect({ value, onChange }: RoleProps) {
  return (
    <Select
      label={t("Role")}
      description={PROJECT_ROLES.find((each) => each.value === value)?.may}
      data={PROJECT_ROLES.map(({ value: role, label }) => ({ value: role, label }))}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => chosen !== null && onChange(chosen as ProjectRole)}
    />
  );
}
