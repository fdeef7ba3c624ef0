using System.Xml.Linq;

namespace EchoRate.Reports.Page;

/// <summary>An axis: what it says, from where to where, and where its ticks are.</summary>
/// <param name="Name">What it says, with its unit.</param>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Ticks">Values with their words.</param>
/// <param name="IsLog">Whether distances are ratios.</param>
internal sealed record Axis(
    string Name,
    double Low,
    double High,
    IReadOnlyList<(double Value, string Words)> Ticks,
    bool IsLog = false
)
{
    /// <summary>Where a value lies, 0 to 1; what is beyond an end lies there.</summary>
    public double Place(double value) =>
        Math.Clamp(
            IsLog
                ? Math.Log(Math.Max(value, Low) / Low) / Math.Log(High / Low)
                : (value - Low) / (High - Low),
            0,
            1
        );

    /// <summary>An axis of whole numbers, at most a dozen of them told.</summary>
    public static Axis Counted(string name, int low, int high)
    {
        var step = 1 + ((high - low) / 12);
        return new(
            name,
            low,
            Math.Max(high, low + 1),
            [
                .. Enumerable
                    .Range(low, high - low + 1)
                    .Where(value => value % step == 0)
                    .Select(value => ((double)value, $"{value}")),
            ]
        );
    }

    /// <summary>An axis without a unit of its own that holds some values, and 0.</summary>
    public static Axis Around(IReadOnlyList<double> values)
    {
        var (low, high) = (Math.Min(0, values.Min()), Math.Max(0, values.Max()));
        var step = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(high - low, 0.1))));
        step = (high - low) / step > 5 ? step * 2 : step;
        (low, high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
        return new(
            "",
            low,
            high > low ? high : low + step,
            [
                .. Enumerable
                    .Range(0, (int)Math.Round((high - low) / step) + 1)
                    .Select(i => low + (i * step))
                    .Select(value => (value, PageText.Of(value, "0.##"))),
            ]
        );
    }

    /// <summary>An axis whose distances are ratios, of whole powers of ten, that holds some values, all above 0.</summary>
    public static Axis Powers(string name, IReadOnlyList<double> values)
    {
        var low = (int)Math.Floor(Math.Log10(values.Min()));
        var high = Math.Max(low + 1, (int)Math.Ceiling(Math.Log10(values.Max())));
        return new Axis(
            name,
            Math.Pow(10, low),
            Math.Pow(10, high),
            [
                .. Enumerable
                    .Range(low, high - low + 1)
                    .Where(power => (high - power) % (1 + ((high - low) / 6)) == 0)
                    .Select(power =>
                        (
                            Math.Pow(10, power),
                            power switch
                            {
                                < -3 or > 8 => $"1e{power}",
                                >= 6 => $"{Math.Pow(10, power - 6)} M",
                                >= 3 => $"{Math.Pow(10, power - 3)} k",
                                _ => PageText.Of(Math.Pow(10, power), "0.###"),
                            }
                        )
                    ),
            ],
            IsLog: true
        );
    }

    /// <summary>An axis of rates.</summary>
    public static Axis Rate(string name, double low = 0)
    {
        var step =
            low >= 0.9 ? 0.02
            : low >= 0.5 ? 0.1
            : 0.25;
        var count = (int)Math.Round((1 - low) / step);
        return new(
            name,
            low,
            1,
            [
                .. Enumerable
                    .Range(0, count + 1)
                    .Select(i => 1 - (i * step))
                    .Select(value => (value, $"{value:P0}")),
            ]
        );
    }
}

/// <summary>A point of a chart of lines.</summary>
/// <param name="Series">The number of its series.</param>
/// <param name="X">Where it lies on the horizontal axis.</param>
/// <param name="Y">Where it lies on the vertical axis.</param>
/// <param name="Says">What it says.</param>
/// <param name="Interval">Its interval, vertical.</param>
internal readonly record struct PlotPoint(
    int Series,
    double X,
    double Y,
    string Says,
    (double Low, double High)? Interval = null
);

/// <summary>One chart as SVG, small enough for a telephone. Series differ in colour, shape and dashes; the page's style has them.</summary>
internal sealed class Plot
{
    /// <summary>Width of every chart.</summary>
    public const int Width = 340;

    private const double Left = 46;
    private const double Right = Width - 16;

    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    private readonly Axis _x;
    private readonly Axis? _y;
    private readonly double _top;
    private readonly double _bottom;
    private readonly double _left;

    /// <summary>Begins a chart; without a vertical axis lines stand below each other.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="description">What somebody who cannot see it should know.</param>
    /// <param name="series">The series' names, in order.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="height">Height of what is inside the axes.</param>
    public Plot(
        string title,
        string description,
        IReadOnlyList<string> series,
        Axis x,
        Axis? y,
        double height
    )
    {
        (_x, _y, _left, _top) = (x, y, y is null ? 12 : Left, 24);
        _bottom = _top + height;
        Svg = new XElement(
            _svg + "svg",
            new XAttribute("role", "img"),
            new XAttribute("class", "plot"),
            new XElement(_svg + "title", title),
            new XElement(_svg + "desc", description)
        );
        Legend(series);
        Axes();
        SetHeight(_bottom + 40);
    }

    /// <summary>The chart.</summary>
    public XElement Svg { get; }

    /// <summary>A chart of lines with a mark at each point; its description is what the points say.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="series">The series' names, in order.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="points">The points, those of a series from left to right.</param>
    public static Plot Lines(
        string title,
        IReadOnlyList<string> series,
        Axis x,
        Axis y,
        IReadOnlyList<PlotPoint> points
    )
    {
        List<PlotPoint> named =
        [
            .. points.Select(point =>
                point with
                {
                    Says = $"{series[point.Series]}, {point.Says}",
                }
            ),
        ];
        var description = string.Join("; ", named.Select(point => point.Says));
        var plot = new Plot(title, description, series, x, y, 150);
        foreach (var line in named.GroupBy(point => point.Series))
        {
            plot.Path(line.Key, line.Select(point => (point.X, point.Y)));
            foreach (var point in line)
            {
                plot.Mark(point);
            }
        }
        return plot;
    }

    /// <summary>Where a value lies from the left.</summary>
    public double X(double value) => _left + (_x.Place(value) * (Right - _left));

    private double Y(double value) => _bottom - (_y!.Place(value) * (_bottom - _top));

    /// <summary>A mark, its interval, and what it says.</summary>
    public void Mark(PlotPoint point)
    {
        var x = X(point.X);
        if (point.Interval is { } ends)
        {
            Line($"interval s{point.Series}", x, Y(ends.Low), x, Y(ends.High));
        }
        Symbol(point.Series, x, Y(point.Y), point.Says);
    }

    /// <summary>A mark on a line of its own, its interval horizontal.</summary>
    public void MarkAt(
        int series,
        double x,
        double fromTop,
        (double Low, double High)? interval,
        string says
    )
    {
        if (interval is { } ends)
        {
            Line($"interval s{series}", X(ends.Low), _top + fromTop, X(ends.High), _top + fromTop);
        }
        Symbol(series, X(x), _top + fromTop, says);
    }

    /// <summary>A line through points.</summary>
    public void Path(int series, IEnumerable<(double X, double Y)> points) =>
        Add(
            "polyline",
            ("class", $"line s{series}"),
            ("points", string.Join(' ', points.Select(p => $"{Of(X(p.X))},{Of(Y(p.Y))}")))
        );

    /// <summary>Words within a chart whose lines stand below each other.</summary>
    public void Label(string words, double fromTop) =>
        Text(words, _left, _top + fromTop, "start", "label");

    /// <summary>Names below the horizontal axis, upright, with a hairline from each value; neighbours make room for each other.</summary>
    public void Names(IReadOnlyList<(double Value, string Words)> names)
    {
        const double apart = 13;
        var ordered = names.OrderBy(name => name.Value).ToList();
        var places = ordered.Select(name => X(name.Value)).ToArray();
        for (var i = 1; i < places.Length; i++)
        {
            places[i] = Math.Max(places[i], places[i - 1] + apart);
        }
        for (var (i, most) = (places.Length - 1, Right); i >= 0; i--, most -= apart)
        {
            places[i] = Math.Min(places[i], most);
            most = places[i];
        }
        foreach (var (place, name) in places.Zip(ordered))
        {
            Line("hair", X(name.Value), _bottom + 16, place, _bottom + 26);
            var text = Text(name.Words, place + 3.5, _bottom + 29, "end", "tick");
            text.Add(
                new XAttribute("transform", $"rotate(-90 {Of(place + 3.5)} {Of(_bottom + 29)})")
            );
        }
        SetHeight(_bottom + 40 + (6.8 * names.Max(name => name.Words.Length)));
    }

    private void Axes()
    {
        foreach (var (value, words) in _x.Ticks)
        {
            Line("grid", X(value), _top, X(value), _bottom);
            Text(words, X(value), _bottom + 13, "middle", "tick");
        }
        foreach (var (value, words) in _y?.Ticks ?? [])
        {
            Line("grid", _left, Y(value), Right, Y(value));
            Text(words, _left - 5, Y(value) + 3.5, "end", "tick");
        }
        if (_x is { Low: < 0, High: > 0 })
        {
            Line("zero", X(0), _top, X(0), _bottom);
        }
        Line("axis", _left, _bottom, Right, _bottom);
        Text(_x.Name, (_left + Right) / 2, _bottom + 30, "middle", "tick");
    }

    private void Legend(IReadOnlyList<string> series)
    {
        var x = _left + 5;
        foreach (var (index, name) in series.Index())
        {
            Symbol(index, x, 10, name);
            Text(name, x + 8, 13.5, "start", "tick");
            x += 22 + (name.Length * 6.2);
        }
    }

    private void Symbol(int series, double x, double y, string says)
    {
        var mark = series switch
        {
            0 => Add("circle", ("cx", Of(x)), ("cy", Of(y)), ("r", "4")),
            1 => Add(
                "rect",
                ("x", Of(x - 3.5)),
                ("y", Of(y - 3.5)),
                ("width", "7"),
                ("height", "7")
            ),
            _ => Add("path", ("d", $"M{Of(x)} {Of(y - 5)}l5 5l-5 5l-5 -5z")),
        };
        mark.Add(new XAttribute("class", $"mark s{series}"), new XElement(_svg + "title", says));
    }

    private void Line(string kind, double x1, double y1, double x2, double y2) =>
        Add(
            "line",
            ("class", kind),
            ("x1", Of(x1)),
            ("y1", Of(y1)),
            ("x2", Of(x2)),
            ("y2", Of(y2))
        );

    private XElement Text(string words, double x, double y, string anchor, string kind)
    {
        var text = Add(
            "text",
            ("x", Of(x)),
            ("y", Of(y)),
            ("text-anchor", anchor),
            ("class", kind)
        );
        text.Value = words;
        return text;
    }

    private XElement Add(string name, params (string Name, string Value)[] attributes)
    {
        var element = new XElement(
            _svg + name,
            attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value))
        );
        Svg.Add(element);
        return element;
    }

    private void SetHeight(double height) =>
        Svg.SetAttributeValue("viewBox", $"0 0 {Width} {Of(height)}");

    private static string Of(double value) => Math.Round(value, 1).ToString();
}
