// Runs steps through stripe-node: one step per line of standard input, one outcome per line of standard output.
//
// An outcome is `{"value": …, "unknown": []}` or `{"error": …}`.

import readline from 'node:readline';
import Stripe from 'stripe';

const BASE = new URL(process.env.STRIPE_API_BASE);
const KEY = process.env.STRIPE_API_KEY;

// The neutral names of error classes.
const CLASSES = {
  StripeAuthenticationError: 'authentication',
  StripePermissionError: 'permission',
  StripeInvalidRequestError: 'invalid_request',
  StripeIdempotencyError: 'idempotency',
  StripeRateLimitError: 'rate_limit',
  RateLimitError: 'rate_limit', // of v2
  StripeConnectionError: 'connection',
  StripeSignatureVerificationError: 'signature',
  StripeAPIError: 'api',
};

function client(options) {
  return new Stripe(options.api_key ?? KEY, {
    host: BASE.hostname,
    port: BASE.port,
    protocol: 'http',
    apiVersion: options.version,
    stripeAccount: options.account,
    stripeContext: options.context,
    maxNetworkRetries: options.max_retries ?? 0,
    telemetry: false,
  });
}

function requestOptions(options) {
  return options.idempotency_key ? {idempotencyKey: options.idempotency_key} : {};
}

/** Returns the service of a resource, or nothing if the library has none: the request is then sent raw. */
function service(stripe, names) {
  const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return names.reduce((found, name) => found?.[camel(name)], stripe);
}

async function request(step) {
  const stripe = client(step.options);
  const options = requestOptions(step.options);
  const names = step.call.split('.');
  const verb = names.pop();
  const typed = service(stripe, names[0] === 'v1' ? names.slice(1) : names);
  const takes = [step.id, step.params ?? {}, options].filter((value) => value !== undefined);
  if (!typed?.[verb]) {
    return await raw(stripe, step, options, verb);
  }
  if (verb !== 'list') {
    return await typed[verb](...takes);
  }
  const items = [];
  for await (const item of typed.list(...takes)) {
    items.push(item);
  }
  return items;
}

async function raw(stripe, step, options, verb) {
  if (step.method === 'post') {
    return await stripe.rawRequest('POST', step.path, step.params ?? {}, options);
  }
  const query = Object.entries(step.params ?? {}).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((item, index) => [`${name}[${index}]`, item]) : [[name, value]]
  );
  const search = new URLSearchParams(query).toString();
  let page = await stripe.rawRequest('GET', search ? `${step.path}?${search}` : step.path, undefined, options);
  if (verb !== 'list') {
    return page;
  }
  const items = [...page.data];
  while (page.next_page_url) {
    page = await stripe.rawRequest('GET', page.next_page_url, undefined, options);
    items.push(...page.data);
  }
  return items;
}

/** Requests a file by its URL, as programs do: the library has no method for it. */
async function contents(step) {
  const headers = step.authorized ? {Authorization: `Bearer ${KEY}`, 'Stripe-Version': step.options.version} : {};
  const response = await fetch(step.url, {headers});
  return await response.text();
}

function snapshot(step) {
  return client(step.options).webhooks.constructEvent(step.payload, step.header, step.secret);
}

/** Parses a notification and, if requested, retrieves its object and the whole event. */
async function thin(step) {
  const found = client(step.options).parseEventNotification(step.payload, step.header, step.secret);
  const value = {
    notification: {
      id: found.id,
      object: found.object,
      type: found.type,
      created: found.created,
      livemode: found.livemode,
      context: found.context ? String(found.context) : null,
      reason: found.reason ?? null,
      related_object: found.related_object ?? null,
    },
  };
  if (step.fetch) {
    value.event = await found.fetchEvent();
    value.object = await found.fetchRelatedObject();
  }
  return value;
}

function sign(step) {
  const {payload, secret, timestamp} = step;
  return client(step.options).webhooks.generateTestHeaderString({payload, secret, timestamp});
}

function verify(step) {
  const {webhooks} = client(step.options);
  return webhooks.signature.verifyHeader(step.payload, step.header, step.secret, step.tolerance);
}

const CALLS = {
  contents,
  'events.snapshot': snapshot,
  'events.thin': thin,
  'webhooks.sign': sign,
  'webhooks.verify': verify,
};

function error(reason) {
  const name = CLASSES[reason.type];
  if (!name) {
    return {class: reason.type ?? reason.name, status: null, code: null, param: null, message: String(reason)};
  }
  return {
    class: name,
    status: reason.statusCode ?? null,
    code: reason.code ?? null,
    param: reason.param ?? null,
    message: (reason.statusCode && reason.raw?.message) ?? null,
  };
}

/** Returns JSON. The library decodes integers in strings as `BigInt`, which the wire has as strings. */
function json(value) {
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item));
}

for await (const line of readline.createInterface({input: process.stdin})) {
  const step = JSON.parse(line);
  let outcome;
  try {
    outcome = {value: (await (CALLS[step.call] ?? request)(step)) ?? null, unknown: []};
  } catch (reason) {
    outcome = {error: error(reason)};
  }
  console.log(json(outcome));
}
