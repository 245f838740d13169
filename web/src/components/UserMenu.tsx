import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleUserRound, LogOut } from "lucide-react";
import { useId } from "react";
import { useLogout } from "@/api/login";
import { meQuery } from "@/api/me";
import { Button, buttonVariants } from "@/components/ui/button";
import { cn } from "@/lib/cn";

/** Who reads, as what, and the way out. The opening and closing is the browser's own. */
export function UserMenu({ className }: { className?: string }) {
  const me = useQuery(meQuery()).data;
  const logout = useLogout();
  const id = useId();
  if (!me) return null;
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={`You: ${me.name}, ${me.role}`}
        data-tip={`${me.name}, ${me.role}`}
        className={cn(buttonVariants({ variant: "ghost", size: "icon" }), className)}
      >
        <CircleUserRound aria-hidden />
      </button>
      <div
        id={id}
        popover="auto"
        className="inset-auto top-[52px] right-4 m-0 w-64 rounded-l border border-line bg-surface p-1.5 text-ink shadow-4"
      >
        <p className="px-2.5 pt-1.5 font-semibold text-md [overflow-wrap:anywhere]">{me.name}</p>
        <p className="px-2.5 pb-2 text-ink-2 text-sm">
          {me.has_login ? `Role ${me.role}` : `Role ${me.role}: on this machine nobody logs in`}
        </p>
        <Link
          to="/settings/access"
          className="block rounded-m border-line border-t px-2.5 py-2 text-md hover:bg-hover"
        >
          Roles and tokens
        </Link>
        {me.can_log_out && (
          <Button
            variant="ghost"
            className="w-full justify-start! px-2.5!"
            disabled={logout.isPending}
            onClick={() => logout.mutate()}
          >
            <LogOut aria-hidden /> Log out
          </Button>
        )}
      </div>
    </>
  );
}
