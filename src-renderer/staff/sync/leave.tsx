import { Button, Dialog, go, useT } from "../../ui/index.ts";

/** Asked once on signing out while something still needs a person; it can wait, and says so. */
export function LeaveAnyway({
  count,
  open,
  onClose,
  onLeave,
}: {
  count: number;
  open: boolean;
  onClose: () => void;
  onLeave: () => void;
}) {
  const t = useT("sync");
  return (
    <Dialog
      title={t("signOutTitle")}
      open={open}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onLeave}>{t("signOut")}</Button>
          <Button
            variant="primary"
            onClick={() => {
              onClose();
              go("/attention");
            }}
          >
            {t("look")}
          </Button>
        </>
      }
    >
      <p className="t2">{t("signOutText", { count })}</p>
    </Dialog>
  );
}
