import { Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { useTitle } from "@/lib/hooks";

export function NotFoundPage() {
  useTitle("Not found");
  return (
    <div className="card mx-auto mt-10 max-w-xl">
      <h1 className="sr-only">Page not found</h1>
      <Empty
        icon={SearchX}
        title="There is no such page"
        action={
          <>
            <Button asChild>
              <Link to="/">Overview</Link>
            </Button>
            <Button asChild>
              <Link to="/tables">Search tables</Link>
            </Button>
            <Button asChild>
              <Link to="/runs">Runs</Link>
            </Button>
          </>
        }
      >
        The address is mistyped, or what it led to is gone.
      </Empty>
    </div>
  );
}
