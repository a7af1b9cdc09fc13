// The picture of the days. Its numbers are in the table beside it, so it is one image to whoever cannot see it.
import type { PointerEvent } from "react";
import { number } from "../format/numbers";
import { t } from "../words";
import { type Day, top } from "./chart";
import { dayName } from "./DayTable";

const HEIGHT = 190;
const LEFT = 44;
const RIGHT = 8;
const ABOVE = 8;
const BELOW = 24;

interface Props {
  days: readonly Day[];
  width: number;
  hasCustomers: boolean;
  at: number | undefined;
  onPoint: (at: number | undefined) => void;
}

export function Plot({ days, width, hasCustomers, at, onPoint }: Props) {
  const step = (width - LEFT - RIGHT) / Math.max(1, days.length);
  const most = top(days.flatMap((day) => [day.entries + day.plays, hasCustomers ? day.customers : 0]));
  const y = (n: number) => HEIGHT - BELOW - (n / most) * (HEIGHT - ABOVE - BELOW);
  const x = (place: number) => LEFT + (place + 0.5) * step;
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const place = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT) / step);
    onPoint(place >= 0 && place < days.length ? place : undefined);
  };
  return (
    <svg
      role="img"
      aria-label={t("overview.chart", { count: days.length })}
      width="100%"
      height={HEIGHT}
      onPointerMove={point}
      onPointerLeave={() => onPoint(undefined)}
    >
      <Axis most={most} y={y} width={width} />
      {at !== undefined && (
        <rect className="pointed" x={x(at) - step / 2} y={ABOVE} width={step} height={HEIGHT - BELOW - ABOVE} />
      )}
      <Bars days={days} x={x} y={y} width={Math.max(2, Math.min(18, step * 0.6))} />
      {hasCustomers && <Line days={days} x={x} y={y} />}
      <Names days={days} x={x} every={width < 520 ? 10 : 7} />
    </svg>
  );
}

type Scale = (n: number) => number;

function Axis({ most, y, width }: { most: number; y: Scale; width: number }) {
  return [0, most / 2, most].map((n) => (
    <g key={n}>
      <line className="grid" x1={LEFT} x2={Math.max(LEFT, width - RIGHT)} y1={y(n)} y2={y(n)} />
      <text className="axis" x={LEFT - 8} y={y(n) + 4} textAnchor="end">
        {number(n)}
      </text>
    </g>
  ));
}

function Bars({ days, x, y, width }: { days: readonly Day[]; x: Scale; y: Scale; width: number }) {
  return days.map(({ day, entries, plays }, place) => (
    <rect
      key={day}
      className="bar"
      x={x(place) - width / 2}
      y={y(entries + plays)}
      width={width}
      height={y(0) - y(entries + plays)}
      rx={Math.min(2, width / 3)}
    />
  ));
}

function Line({ days, x, y }: { days: readonly Day[]; x: Scale; y: Scale }) {
  const points = days.map((day, place) => `${x(place)},${y(day.customers)}`).join(" ");
  return (
    <>
      <polyline className="line" points={points} />
      {days.map(({ day, customers }, place) =>
        customers ? <circle key={day} className="dot" cx={x(place)} cy={y(customers)} r={2.6} /> : null,
      )}
    </>
  );
}

function Names({ days, x, every }: { days: readonly Day[]; x: Scale; every: number }) {
  const last = days.length - 1;
  return days.map(({ day }, place) =>
    (last - place) % every === 0 ? (
      <text key={day} className="axis" x={x(place)} y={HEIGHT - 6} textAnchor={place === last ? "end" : "middle"}>
        {dayName(day)}
      </text>
    ) : null,
  );
}
