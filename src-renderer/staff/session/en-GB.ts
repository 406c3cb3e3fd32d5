export const enGB = {
  who: "Who is at this PC?",
  people: "People on this PC",
  name: "Name or e-mail",
  password: "Password",
  signIn: "Sign in",
  demoTitle: "No password needed in the demo",
  demoText: "Choose whom to be. Each person sees only what their role may see.",
  be: "Be {{name}}",
  offline: "No line to the centre. You can sign in and work.",
  offlineFenced: "No line to the centre. You can sign in and look.",
  notHere: "new here",
  seen: "known here",
};
