import { type ReactNode, useState } from "react";
import { Button } from "./basics.tsx";
import { Dialog } from "./floating.tsx";

/** A button for what cannot be taken back: it asks once, in words that say what will be gone. */
export function ConfirmButton({
  children,
  title,
  text,
  confirm,
  onConfirm,
  size = "m",
  variant = "default",
}: {
  children: ReactNode;
  title: string;
  text: string;
  confirm: string;
  onConfirm: () => void;
  size?: "s" | "m";
  variant?: "default" | "quiet" | "danger";
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size={size} variant={variant} onClick={() => setOpen(true)}>
        {children}
      </Button>
      <Dialog
        title={title}
        open={open}
        onClose={() => setOpen(false)}
        actions={
          <Button
            variant="danger"
            keys="Ctrl Enter"
            aria-keyshortcuts="Control+Enter"
            onClick={() => {
              setOpen(false);
              onConfirm();
            }}
          >
            {confirm}
          </Button>
        }
      >
        <p className="t2">{text}</p>
      </Dialog>
    </>
  );
}
