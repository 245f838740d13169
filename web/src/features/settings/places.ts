/** The pages below Settings, in their order. */
export const SETTINGS_PLACES = [
  { to: "/settings/configuration", label: "Configuration" },
  { to: "/settings/access", label: "Access" },
  { to: "/settings/system", label: "System" },
  { to: "/settings/audit", label: "Audit" },
] as const;
