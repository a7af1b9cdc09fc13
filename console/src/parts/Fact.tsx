// One line of a list of facts (`<dl className="facts">`).
import type { ReactNode } from "react";

export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
