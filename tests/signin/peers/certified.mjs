// oidc-provider, certified and written by others: the sign-in server as it should be.
// node certified.mjs PORT PORTAL_ADDRESS CLIENT_ID CLIENT_SECRET; prints "ready"; ends when its input ends.
import Provider from "oidc-provider";
import { exportJWK, generateKeyPair } from "jose";

const [port, portal, clientId, clientSecret] = process.argv.slice(2);
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const key = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "certified" };

// Whoever signs in as "9001/attendance_lead tui" is Tui, with that role.
const account = id => {
  const [role, name] = id.split(" ");
  return {
    accountId: id,
    claims: () => ({
      sub: id,
      name,
      email: `${name}@certified.example`,
      email_verified: true,
      waharoa_roles: role === "-" ? [] : [role]
    })
  };
};

const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`${portal}/sign-in/callback`],
      post_logout_redirect_uris: [`${portal}/signed-out`],
      backchannel_logout_uri: `${portal}/sign-in/back-channel-logout`,
      backchannel_logout_session_required: true
    }
  ],
  jwks: { keys: [key] },
  cookies: { keys: ["for tests only"] },
  claims: { openid: ["sub", "waharoa_roles"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, id) => account(id),
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  }
});

provider.listen(Number(port), "localhost", () => console.log("ready"));
process.stdin.on("end", () => process.exit(0)).resume();
