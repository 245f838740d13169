import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { getConfig } from "@/api/generated";

export const configurationQuery = (connection: string | undefined) =>
  queryOptions({
    queryKey: ["configuration", connection ?? ""],
    queryFn: ({ signal }) => unwrap(getConfig({ signal, query: connection ? { connection } : {} })),
  });
