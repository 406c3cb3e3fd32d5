import { useState } from "react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Checkbox, Chip, Dialog, TextInput, useT } from "../../ui/index.ts";

type Branch = Output<"access.branches">[number];

export function Branches() {
  const t = useT("access");
  const branches = useLive("access.branches");
  const [editing, setEditing] = useState<Branch | "new" | null>(null);
  return (
    <>
      <div className="pad row">
        <span className="push" />
        <Button variant="primary" onClick={() => setEditing("new")}>
          {t("newBranch")}
        </Button>
      </div>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("branch")}</th>
            <th>{t("branchCode")}</th>
            <th>{t("zone")}</th>
            <th>{t("address")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {(branches.data ?? []).map((branch) => (
            <tr key={branch.id}>
              <td>
                <b>{branch.name}</b> {branch.is_lab ? <Chip tone="accent">{t("lab")}</Chip> : null}
              </td>
              <td className="tab">{branch.code}</td>
              <td>{branch.time_zone}</td>
              <td className="t2">{branch.address}</td>
              <td className="num">
                <Button size="s" onClick={() => setEditing(branch)}>
                  {t("editBranch")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing ? <EditBranch branch={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

function EditBranch({ branch, onClose }: { branch: Branch | null; onClose: () => void }) {
  const t = useT("access");
  const save = useAct("access.saveBranch");
  const [form, setForm] = useState({
    name: branch?.name ?? "",
    code: branch?.code ?? "",
    timeZone: branch?.time_zone ?? "Europe/London",
    address: branch?.address ?? "",
    phone: branch?.phone ?? "",
    isLab: Boolean(branch?.is_lab),
  });
  const field = (name: "name" | "timeZone" | "address" | "phone") => ({
    value: form[name],
    onChange: (value: string) => setForm({ ...form, [name]: value }),
  });
  const submit = () =>
    void save
      .act({ id: branch?.id ?? null, ...form, address: form.address || null, phone: form.phone || null })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t(branch ? "editBranch" : "newBranch")}
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
          <TextInput
            label={t("branchCode")}
            value={form.code}
            onChange={(code) => setForm({ ...form, code: code.toUpperCase() })}
            maxLength={3}
            readOnly={branch !== null}
          />
          <TextInput label={t("zone")} {...field("timeZone")} />
          <TextInput label={t("phone")} {...field("phone")} />
          <TextInput className="wide" label={t("address")} {...field("address")} />
        </div>
        <Checkbox label={t("lab")} checked={form.isLab} onChange={(isLab) => setForm({ ...form, isLab })} />
        {save.error ? <Callout tone="stop">{save.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
