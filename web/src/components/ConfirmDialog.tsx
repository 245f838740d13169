import { type ReactNode, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

/** Says what will happen, and does it only then; the cursor stands on the way back. */
export function ConfirmDialog({
  title,
  description,
  keep,
  act,
  busy,
  onAct,
  onClose,
  children,
}: {
  title: string;
  description: ReactNode;
  /** The word that leaves everything as it is. */
  keep: string;
  act: ReactNode;
  busy: boolean;
  onAct: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const keepButton = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      className="max-w-[520px]"
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        keepButton.current?.focus();
      }}
      footer={
        <>
          <Button ref={keepButton} className="ml-auto" onClick={onClose}>
            {keep}
          </Button>
          <Button variant="primary" disabled={busy} onClick={onAct}>
            {act}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
