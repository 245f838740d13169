import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/me";
import { PageHead } from "@/components/bits";
import { Ask, Card, Skeleton } from "@/components/Panel";
import { RolesCard } from "@/features/access/RolesCard";
import { TokensCard } from "@/features/access/TokensCard";
import { useTitle } from "@/lib/hooks";

export function AccessPage() {
  useTitle("Access");
  const me = useQuery(meQuery());
  return (
    <>
      <PageHead title="Access">
        <p>Who may do what here, and the tokens that let people and programs in.</p>
      </PageHead>
      <div className="grid gap-4">
        <Card title="You and the roles">
          <Ask query={me} loading={<Skeleton rows={3} />}>
            {(known) => <RolesCard me={known} />}
          </Ask>
        </Card>
        <TokensCard />
      </div>
    </>
  );
}
