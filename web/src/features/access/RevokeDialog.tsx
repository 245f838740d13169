import { Ban } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useRevokeToken } from "./queries";

export function RevokeDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const revoke = useRevokeToken();
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Revoke ${name}?`}
      description="Programs that use this token are refused, and whoever logged in with it has to log in anew. Runs they started go on."
      className="max-w-[480px]"
      footer={
        <>
          <Button className="ml-auto" onClick={onClose}>
            Keep it
          </Button>
          <Button
            variant="primary"
            disabled={revoke.isPending}
            onClick={() => revoke.mutate(name, { onSettled: onClose })}
          >
            <Ban aria-hidden /> Revoke
          </Button>
        </>
      }
    />
  );
}
