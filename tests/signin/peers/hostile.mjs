// oauth2-mock-server, bent as each test asks: the sign-in server as it should not be.
// Prints its address; then reads a wish a line (JSON) and answers "ok": claims to set, names to leave out, "unsigned",
// "confused" (signed with our public key as if it were a secret), "stranger" (signed by a key nobody published),
// redirect (parameters of the way back), rotate (a new key from now on), logout (sign this logout token).
import { createHmac, createPublicKey, createSign, generateKeyPairSync } from "node:crypto";
import { createInterface } from "node:readline";
import { OAuth2Server } from "oauth2-mock-server";

const server = new OAuth2Server();
let key = await server.issuer.keys.generate("RS256");
await server.start(0, "localhost");
let wish = {};

const part = thing => Buffer.from(JSON.stringify(thing)).toString("base64url");
const payloadOf = token => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const unsigned = token => `${part({ alg: "none", typ: "JWT" })}.${part(payloadOf(token))}.`;

const confused = token => {
  const body = `${part({ alg: "HS256", typ: "JWT", kid: key.kid })}.${part(payloadOf(token))}`;
  const secret = createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" });
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
};

const stranger = token => {
  const body = `${part({ alg: "RS256", typ: "JWT", kid: key.kid })}.${part(payloadOf(token))}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return `${body}.${createSign("sha256").update(body).sign(privateKey, "base64url")}`;
};

server.service.on("beforeTokenSigning", token => {
  Object.assign(token.payload, wish.claims);
  for (const name of wish.without ?? []) delete token.payload[name];
});
server.service.on("beforeResponse", answer => {
  const token = answer.body.id_token;
  if (wish.unsigned) answer.body.id_token = unsigned(token);
  if (wish.confused) answer.body.id_token = confused(token);
  if (wish.stranger) answer.body.id_token = stranger(token);
  if (wish.status) answer.statusCode = wish.status;
});
server.service.on("beforeAuthorizeRedirect", ({ url }) => {
  for (const [name, value] of Object.entries(wish.redirect ?? {})) url.searchParams.set(name, value);
});
server.service.on("beforeUserinfo", answer => Object.assign(answer.body, wish.claims, wish.userinfo));

const logoutToken = ({ header, ...claims }) =>
  server.issuer.buildToken({
    kid: key.kid,
    scopesOrTransform: (head, payload) => {
      Object.assign(head, { typ: "logout+jwt" }, header);
      Object.assign(payload, claims);
      for (const [name, value] of Object.entries(payload)) if (value === null) delete payload[name];
    }
  });

console.log(server.issuer.url);
for await (const line of createInterface({ input: process.stdin })) {
  wish = JSON.parse(line);
  if (wish.rotate) key = await server.issuer.keys.generate("RS256");
  console.log(wish.logout ? await logoutToken(wish.logout) : "ok");
}
process.exit(0);
