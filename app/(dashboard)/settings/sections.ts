/** The pages of the settings, in order. */
export const sections = [
  { label: "Databases", href: "/settings/databases" },
  { label: "Schedules", href: "/settings/schedules" },
  { label: "Retention", href: "/settings/retention" },
  { label: "Storage", href: "/settings/storage" },
  { label: "Notifications", href: "/settings/notifications" },
  { label: "Configuration", href: "/settings/configuration" },
  { label: "Import", href: "/settings/import" },
  { label: "Users", href: "/settings/users" },
  { label: "API tokens", href: "/settings/tokens" },
  { label: "Account", href: "/settings/account" },
] as const;
