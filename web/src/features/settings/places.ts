/** The pages below Settings, in their order. */
export const SETTINGS_PLACES = [{ to: "/settings/configuration", label: "Configuration" }] as const;
