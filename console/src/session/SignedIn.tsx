// Pages for whoever is signed in; everybody else sees the way to sign in, and then the page that was asked for.
import { Outlet } from "react-router";
import { useSessionState } from "../api/token";
import { SignIn } from "./SignIn";

export function SignedIn() {
  return useSessionState() === "out" ? <SignIn /> : <Outlet />;
}
