import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Play, Plus } from "lucide-react";
import { dashboardQuery } from "@/api/queries";
import { ActionButton } from "@/components/ActionButton";
import { Button } from "@/components/ui/button";
import { useStartRun } from "@/lib/start-run";

/** What fills an empty list: a run, or first a connection it can run on. */
export function FirstRun() {
  const { open } = useStartRun();
  const { data: isBare } = useQuery({
    ...dashboardQuery(),
    select: (dashboard) => dashboard.connections.length === 0,
  });
  if (isBare) {
    return (
      <Button variant="primary" asChild>
        <Link to="/sources">
          <Plus aria-hidden /> Add source
        </Link>
      </Button>
    );
  }
  return (
    <ActionButton variant="primary" onClick={() => open()}>
      <Play aria-hidden /> Run now
    </ActionButton>
  );
}
