// The icons, drawn on a grid of 24 with one stroke; always beside a word or under an accessible name.
import type { ReactNode } from "react";

function icon(paths: ReactNode) {
  return function Icon({ size = 18 }: { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.7}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {paths}
      </svg>
    );
  };
}

const p = (d: string) => <path d={d} />;

export const Overview = icon(p("M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z"));
export const People = icon(
  p(
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2.1.8 3.5 2.7 3.5 5.5",
  ),
);
export const Consent = icon(p("M12 3l7 3v5c0 4.6-2.9 8-7 10-4.1-2-7-5.4-7-10V6zM9 11.5l2.2 2.2L15.2 9.6"));
export const Gift = icon(
  p(
    "M4 11h16v9H4zM3 7.5h18V11H3zM12 7.5V20M12 7.5C10 7.5 7.5 7 7.5 5S10.5 3 12 7.5zM12 7.5c2 0 4.5-.5 4.5-2.5S13.5 3 12 7.5z",
  ),
);
export const Spark = icon(p("M12 3v4M12 17v4M3 12h4M17 12h4M6 6l2.5 2.5M15.5 15.5L18 18M18 6l-2.5 2.5M8.5 15.5L6 18"));
export const Ticket = icon(
  p(
    "M3 8a1.5 1.5 0 0 1 1.5-1.5h15A1.5 1.5 0 0 1 21 8v2a2 2 0 0 0 0 4v2a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16v-2a2 2 0 0 0 0-4zM14 7v2M14 11.5v1M14 15v2",
  ),
);
export const Star = icon(p("M12 4l2.4 5 5.4.7-4 3.8 1 5.5-4.8-2.7L7.2 19l1-5.5-4-3.8 5.4-.7z"));
export const Variable = icon(p("M8 4C5 9 5 15 8 20M16 4c3 5 3 11 0 16M10 9l4 6M14 9l-4 6"));
export const FileIcon = icon(
  p("M14 3H7a1.5 1.5 0 0 0-1.5 1.5v15A1.5 1.5 0 0 0 7 21h10a1.5 1.5 0 0 0 1.5-1.5V7.5zM14 3v4.5h4.5"),
);
export const Log = icon(p("M4 6h10M4 12h16M4 18h7M18 6h2M15 18h5"));
export const Bin = icon(
  p(
    "M4.5 7h15M10 11v6M14 11v6M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4l.8-12M9.5 7V5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1v2",
  ),
);
export const Search = icon(p("M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M20 20l-4.8-4.8"));
export const Close = icon(p("M6 6l12 12M18 6L6 18"));
export const Down = icon(p("M6 9.5l6 6 6-6"));
export const Right = icon(p("M9.5 6l6 6-6 6"));
export const Left = icon(p("M14.5 6l-6 6 6 6"));
export const Dots = icon(p("M6 12h.01M12 12h.01M18 12h.01"));
export const Download = icon(p("M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14"));
export const Upload = icon(p("M12 15.5v-11M7.5 9L12 4.5 16.5 9M5 19.5h14"));
export const Columns = icon(p("M4 5h16v14H4zM9.3 5v14M14.7 5v14"));
export const Sun = icon(
  p(
    "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M18.4 5.6l-1 1M6.6 17.4l-1 1",
  ),
);
export const Moon = icon(p("M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10"));
export const Lines = icon(p("M4 7h16M4 12h16M4 17h16"));
export const Settings = icon(
  p("M4 7h9M17 7h3M4 17h3M11 17h9M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4M9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4"),
);
export const Key = icon(p("M8 15.5a4.5 4.5 0 1 1 4.3-3.2L20 20M16.5 16.5l2-2"));
export const Hook = icon(
  p("M9 12a4 4 0 1 1 5.5-3.7M14.5 11l2.3 4.2M12.5 15.5a4 4 0 1 1 4 4.5c-1.5 0-2.7-.7-3.5-2M9 12l-2 3.8"),
);
export const Shield = icon(p("M12 3l7 3v5c0 4.6-2.9 8-7 10-4.1-2-7-5.4-7-10V6z"));
export const Copy = icon(p("M9 9h10v11H9zM5.5 15H5V4h10v.5"));
export const Check = icon(p("M5 12.5l4.5 4.5L19 7.5"));
export const Warning = icon(p("M12 4l9 16H3zM12 10v4M12 17h.01"));
export const Eye = icon(
  p("M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5"),
);
export const Play = icon(p("M8 5.5v13l10.5-6.5z"));
export const Leave = icon(
  p("M14 4.5H6.5A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.5H14M10 12h10M16.5 8.5L20 12l-3.5 3.5"),
);
export const Plus = icon(p("M12 5v14M5 12h14"));
export const Clock = icon(p("M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 7.5V12l3 2"));
export const Chat = icon(
  p(
    "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v9a1.5 1.5 0 0 1-1.5 1.5h-7L7.5 20v-3.5H5A1.5 1.5 0 0 1 3.5 15V6A1.5 1.5 0 0 1 5 4.5M8 9h8M8 12h5",
  ),
);
export const Receipt = icon(p("M6 3.5h12v17l-2.4-1.6-2.4 1.6-2.4-1.6-2.4 1.6L6 20.5zM9 8h6M9 11.5h6M9 15h3"));
export const Up = icon(p("M12 19V5M6 11l6-6 6 6"));
