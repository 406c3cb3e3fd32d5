import { useState } from "react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Checkbox, Chip, Dialog, notify, Select, TextInput, useT } from "../../ui/index.ts";

type Person = Output<"access.people">[number];

export function People() {
  const t = useT("access");
  const people = useLive("access.people");
  const [editing, setEditing] = useState<Person | "new" | null>(null);
  const [passwordFor, setPasswordFor] = useState<Person | null>(null);
  return (
    <>
      <div className="pad row">
        <span className="push" />
        <Button variant="primary" onClick={() => setEditing("new")}>
          {t("newPerson")}
        </Button>
      </div>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("person")}</th>
            <th>{t("role")}</th>
            <th>{t("branch")}</th>
            <th>{t("email")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {(people.data ?? []).map((person) => (
            <tr key={person.id}>
              <td>
                <b>{person.display_name}</b> <span className="t3">{person.job_title}</span>{" "}
                {person.active ? null : <Chip tone="look">{t("off")}</Chip>}
              </td>
              <td>{person.role}</td>
              <td>{person.branch ?? t("allBranches")}</td>
              <td className="t2">{person.email}</td>
              <td className="num">
                <span className="row g2 end">
                  <Button size="s" onClick={() => setPasswordFor(person)}>
                    {t("setPassword")}
                  </Button>
                  <Button size="s" onClick={() => setEditing(person)}>
                    {t("editPerson")}
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing ? <EditPerson person={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
      {passwordFor ? <SetPassword person={passwordFor} onClose={() => setPasswordFor(null)} /> : null}
    </>
  );
}

function EditPerson({ person, onClose }: { person: Person | null; onClose: () => void }) {
  const t = useT("access");
  const roles = useLive("access.roles");
  const branches = useLive("access.branches");
  const save = useAct("access.savePerson");
  const [form, setForm] = useState({
    name: person?.display_name ?? "",
    email: person?.email ?? "",
    jobTitle: person?.job_title ?? "",
    registrationNumber: person?.registration_number ?? "",
    branchId: person?.home_branch_id ?? "",
    roleId: person?.primary_role_id ?? "",
    active: person ? Boolean(person.active) : true,
    reason: "",
  });
  const field = (name: "name" | "email" | "jobTitle" | "registrationNumber" | "reason") => ({
    value: form[name],
    onChange: (value: string) => setForm({ ...form, [name]: value }),
  });
  const submit = () =>
    void save
      .act({
        id: person?.id ?? null,
        person: {
          name: form.name,
          email: form.email,
          jobTitle: form.jobTitle || null,
          registrationNumber: form.registrationNumber || null,
          branchId: form.branchId || null,
          roleId: form.roleId,
          active: form.active,
        },
        reason: form.reason,
      })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t(person ? "editPerson" : "newPerson")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={save.busy} onClick={submit}>
          {t("save")}
        </Button>
      }
    >
      <div className="stack">
        <div className="grid2">
          <TextInput label={t("name")} {...field("name")} autoFocus />
          <TextInput label={t("email")} {...field("email")} type="email" />
          <TextInput label={t("job")} {...field("jobTitle")} />
          <TextInput label={t("register")} {...field("registrationNumber")} />
          <Select
            label={t("role")}
            value={form.roleId}
            onChange={(roleId) => setForm({ ...form, roleId })}
            options={[
              { value: "", label: "–" },
              ...(roles.data?.roles ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Select
            label={t("branch")}
            value={form.branchId}
            onChange={(branchId) => setForm({ ...form, branchId })}
            options={[
              { value: "", label: t("allBranches") },
              ...(branches.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <TextInput className="wide" label={t("reason")} {...field("reason")} />
        </div>
        <Checkbox label={t("active")} checked={form.active} onChange={(active) => setForm({ ...form, active })} />
        {save.error ? <Callout tone="stop">{save.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}

function SetPassword({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useT("access");
  const set = useAct("access.setPassword");
  const [password, setPassword] = useState("");
  const [own, setOwn] = useState("");
  const submit = () =>
    void set
      .act({ userId: person.id, password, ownPassword: own })
      .then(() => {
        notify({ tone: "done", title: t("passwordSet"), body: person.display_name });
        onClose();
      })
      .catch(() => {});
  return (
    <Dialog
      title={`${t("setPassword")}: ${person.display_name}`}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={set.busy} onClick={submit}>
          {t("save")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput
          label={t("password")}
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          hint={t("passwordHint")}
          autoFocus
        />
        <TextInput
          label={t("ownPassword")}
          type="password"
          autoComplete="current-password"
          value={own}
          onChange={setOwn}
          hint={t("ownPasswordHint")}
        />
        {set.error ? <Callout tone="stop">{set.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
