// What is left of prizes or rewards: a bar each. A reward can be chosen, then the page shows its redemptions alone.
import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { number } from "../format/numbers";
import { t } from "../words";

export interface Stock {
  id: string;
  title: string;
  left: number | null; // null: as many as are wanted
  of: number | null;
  note?: string;
}

interface Props {
  name: string;
  stocks: readonly Stock[];
  chosen?: string | undefined;
  onChoose?: (id: string | null) => void;
}

export function Stocks({ name, stocks, chosen, onChoose }: Props) {
  return (
    <section aria-label={name}>
      <ul className="prize-stocks">
        {stocks.map((stock) => (
          <li key={stock.id}>
            <Frame
              isChosen={stock.id === chosen}
              {...(onChoose && { onClick: () => onChoose(stock.id === chosen ? null : stock.id) })}
            >
              <Content stock={stock} />
            </Frame>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Frame({ isChosen, onClick, children }: { isChosen: boolean; onClick?: () => void; children: ReactNode }) {
  if (!onClick) return <div className="prize-stock">{children}</div>;
  return (
    <UnstyledButton
      className="prize-stock"
      w="100%"
      h="100%"
      aria-pressed={isChosen}
      data-chosen={isChosen || undefined}
      onClick={onClick}
    >
      {children}
    </UnstyledButton>
  );
}

function Content({ stock: { title, left, of, note } }: { stock: Stock }) {
  return (
    <>
      <strong>{title}</strong>
      <span className={left === 0 ? "soon" : "dimmed"}>
        {[left === null ? t("manage.unlimited") : told(left, of), note].filter(Boolean).join(" · ")}
      </span>
      {left !== null && of ? (
        <div className="prize-bar" aria-hidden>
          <span style={{ width: `${Math.min(100, (left / of) * 100)}%` }} />
        </div>
      ) : null}
    </>
  );
}

function told(left: number, of: number | null): string {
  return left === 0 ? t("manage.none_left") : t("manage.left", { left: number(left), of: number(of ?? left) });
}
