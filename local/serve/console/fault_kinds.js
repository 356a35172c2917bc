/** The faults to choose from: what the API does, what the function makes of it, and how the control route is told. */

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} text
 * @property {Record<string, unknown>} fault
 * @property {[string, string, string][]} [fields] what there is to fill in: name, label, value to begin with
 */

/** @type {Kind[]} */
export const KINDS = [
  {
    name: "No permission (403)",
    text: "The role may not call the API. Nothing is sent, and trying again at once would not help.",
    fault: error(403, "NoPermission", "You are not authorized to perform this action."),
  },
  {
    name: "Throttled",
    text: "Nothing is sent. The function waits shortly and tries again, up to MAX_ATTEMPTS times; then it failed.",
    fault: { Kind: "throttle" },
  },
  {
    name: "Unavailable (503)",
    text: "Nothing is sent. The function tries again as if throttled; then it failed.",
    fault: error(503, "ServiceUnavailable", "The service is temporarily unavailable."),
  },
  {
    name: "Daily limit reached (409)",
    text: "The account has sent its texts of the day. A batch ends here, and a sweep too.",
    fault: error(
      409,
      "SendValidateCodeExceedsLimitForAccount",
      "The number of verification codes sent exceeds the limit.",
    ),
  },
  {
    name: "Internal error (500)",
    text: "Nobody knows whether a text went out: unknown, and not sent again within the window.",
    fault: error(500, "InternalError", "The request processing has failed due to some unknown error."),
  },
  {
    name: "Slow",
    text: "The right answer, but late: after READ_TIMEOUT_SECONDS it is unknown.",
    fault: { Kind: "delay" },
    fields: [["Seconds", "Seconds", "2"]],
  },
  {
    name: "Connection closed, nothing sent",
    text: "Closed before anything was done. The function cannot tell that from the next: unknown.",
    fault: { Kind: "drop_before" },
  },
  {
    name: "Connection closed, text sent",
    text: "The text goes out, the answer is lost: unknown. It must not be sent again.",
    fault: { Kind: "drop_after" },
  },
  {
    name: "Half an answer",
    text: "The text goes out, the answer breaks off: unknown.",
    fault: { Kind: "half_answer" },
  },
  { name: "An answer that is no JSON", text: "The text goes out: unknown.", fault: { Kind: "garbage" } },
  { name: "An answer without RequestId", text: "The text goes out: unknown.", fault: { Kind: "no_request_id" } },
  {
    name: "A redirect",
    text: "Nothing is sent, and the redirect is not followed: unknown.",
    fault: { Kind: "redirect" },
  },
  {
    name: "Another error",
    text: "Any status and Code, in the shape of the API’s errors. What is not known ends as unknown.",
    fault: { Kind: "error" },
    fields: [
      ["Status", "Status", "400"],
      ["Code", "Code", "InvalidSecurityToken.Expired"],
      ["Message", "Message", "The security token has expired."],
    ],
  },
];

/**
 * @param {number} Status
 * @param {string} Code
 * @param {string} Message
 */
function error(Status, Code, Message) {
  return { Kind: "error", Status, Code, Message };
}
