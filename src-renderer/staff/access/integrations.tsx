/** Tokens with which other systems read at the centre. */
import { Plug } from "lucide-react";
import { useState } from "react";
import { type ApiScope, apiScopes, summaryScope } from "../../../src-shared/patients/api-scopes.ts";
import { useAct, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  Checkbox,
  Chip,
  ConfirmButton,
  DateInput,
  Dialog,
  EmptyState,
  ErrorState,
  notify,
  TextInput,
  useT,
  When,
} from "../../ui/index.ts";

/** A colon in a key would name another feature's words. */
const scopeWords = (scope: string) => `tokenScope.${scope.replace(":", "_")}`;

export function Integrations() {
  const t = useT("access");
  const { data, error, refetch } = useLive("access.tokens");
  const revoke = useAct("access.revokeToken");
  const [making, setMaking] = useState(false);
  const again = () => void refetch();
  if (error) return <ErrorState error={error} retry={again} />;
  const stateOf = ({ revokedAt, expiresAt }: { revokedAt: number | null; expiresAt: number | null }) =>
    revokedAt !== null ? "revoked" : expiresAt !== null && expiresAt <= Date.now() ? "over" : "live";
  return (
    <>
      <div className="pad row g3">
        <p className="t2 grow">{t("tokensText")}</p>
        <Button variant="primary" onClick={() => setMaking(true)}>
          {t("newToken")}
        </Button>
      </div>
      {revoke.error ? <Callout tone="stop">{revoke.error.message}</Callout> : null}
      {data && data.tokens.length === 0 ? <EmptyState icon={Plug} title={t("noTokens")} /> : null}
      {data && data.tokens.length > 0 ? (
        <table className="tbl">
          <thead>
            <tr>
              <th>{t("name")}</th>
              <th>{t("tokenScopes")}</th>
              <th>{t("tokenMade")}</th>
              <th>{t("tokenUsed")}</th>
              <th>{t("status")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {data.tokens.map((token) => {
              const state = stateOf(token);
              return (
                <tr key={token.id}>
                  <td>
                    <b>{token.name}</b>
                  </td>
                  <td>{token.scopes.map((scope) => t(scopeWords(scope))).join(", ")}</td>
                  <td>
                    <When at={token.createdAt} mode="date" />
                    <span className="small t3 block">{token.createdBy}</span>
                  </td>
                  <td>{token.usedAt === null ? t("tokenNever") : <When at={token.usedAt} />}</td>
                  <td>
                    <Chip tone={state === "live" ? "done" : undefined}>{t(`tokenStates.${state}`)}</Chip>
                    {state === "live" && token.expiresAt !== null ? (
                      <span className="small t3 block">
                        {t("tokenEnds")} <When at={token.expiresAt} mode="date" />
                      </span>
                    ) : null}
                  </td>
                  <td className="num">
                    {state === "live" ? (
                      <ConfirmButton
                        size="s"
                        variant="danger"
                        title={t("tokenRevokeTitle", { name: token.name })}
                        text={t("tokenRevokeText")}
                        confirm={t("tokenRevoke")}
                        onConfirm={() =>
                          void revoke
                            .act({ id: token.id })
                            .then(again)
                            .catch(() => {})
                        }
                      >
                        {t("tokenRevoke")}
                      </ConfirmButton>
                    ) : null}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : null}
      {making ? (
        <MakeToken
          onClose={() => {
            setMaking(false);
            again();
          }}
        />
      ) : null}
    </>
  );
}

/** The secret is shown here once. */
function MakeToken({ onClose }: { onClose: () => void }) {
  const t = useT("access");
  const make = useAct("access.createToken");
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly ApiScope[]>([summaryScope]);
  const [ends, setEnds] = useState("");
  const [own, setOwn] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const submit = () =>
    void make
      // To the end of the day that was named.
      .act({
        name,
        scopes: [...scopes],
        expiresAt: ends ? Date.parse(`${ends}T00:00:00Z`) + 86_400_000 : null,
        ownPassword: own,
      })
      .then((made) => setSecret(made.secret))
      .catch(() => {});
  if (secret !== null) {
    const copy = () =>
      void navigator.clipboard.writeText(secret).then(() => notify({ tone: "done", title: t("tokenCopied") }));
    return (
      <Dialog title={t("newToken")} open onClose={onClose} actions={<Button onClick={copy}>{t("copy")}</Button>}>
        <div className="stack">
          <Callout tone="look">{t("tokenSecret")}</Callout>
          <TextInput
            label={name}
            value={secret}
            onChange={() => {}}
            readOnly
            onFocus={(event) => event.target.select()}
          />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("newToken")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={make.busy} onClick={submit}>
          {t("tokenMake")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput label={t("tokenName")} value={name} onChange={setName} autoFocus autoComplete="off" />
        <fieldset className="stack">
          <legend className="label">{t("tokenScopes")}</legend>
          {apiScopes.map((scope) => (
            <Checkbox
              key={scope}
              label={t(scopeWords(scope))}
              checked={scopes.includes(scope)}
              onChange={(checked) =>
                setScopes(checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
              }
            />
          ))}
        </fieldset>
        <DateInput label={t("tokenEnds")} value={ends} onChange={setEnds} hint={t("tokenEndsHint")} />
        <TextInput
          label={t("ownPassword")}
          type="password"
          autoComplete="current-password"
          value={own}
          onChange={setOwn}
          hint={t("ownPasswordHint")}
        />
        {make.error ? <Callout tone="stop">{make.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
