import type { NextConfig } from "next";

const config: NextConfig = {
  // The download route is a Pages API route (see pages/api), and next-auth has to be bundled into it.
  bundlePagesRouterDependencies: true,
  serverExternalPackages: ["dockerode", "docker-modem", "ssh2", "@node-rs/argon2", "@libsql/client", "libsql", "nodemailer"],
  outputFileTracingRoot: import.meta.dirname,
  poweredByHeader: false,
  // Next prints the arguments of server actions in development, and some of them are passwords.
  logging: { serverFunctions: false },
};

export default config;
