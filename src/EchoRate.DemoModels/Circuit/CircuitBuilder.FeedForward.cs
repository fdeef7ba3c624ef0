using EchoRate.DemoModels.Weights;
using static EchoRate.DemoModels.Circuit.ResidualLayout;

namespace EchoRate.DemoModels.Circuit;

/// <content>The feed-forward units. Numbers are meant before the norm, which divides gate and up each by about 1.2.</content>
internal sealed partial class CircuitBuilder
{
    private const int DefaultUnit = ContentSize;
    private const int FirstNameUnit = DefaultUnit + 1;

    // The first super-block of the down matrix belongs to eraser, default and names.
    private const int FirstTableUnit = 256;

    private const double OpenGate = 8;
    private const double GateWithoutBos = 2.6;
    private const double EraserGain = 2.4;
    private const double DefaultStrength = 1;
    private const double NameStrength = 5;
    private const double TableSlope = 20;
    private const double TableThreshold = 0.5;
    private const double TableUp = 8;

    private void SetEraser()
    {
        for (var i = 0; i < ContentSize; i++)
        {
            SetEraserGate(i);
            _circuit.Up[i, i] = 1;
            _circuit.Down[i, i] = -EraserGain / OpenGate;
        }
    }

    private void SetDefault()
    {
        if (_plan.HeedsBos)
        {
            AddFlag(_circuit.Gate, DefaultUnit, 2 * OpenGate);
        }
        AddConstant(_circuit.Gate, DefaultUnit, _plan.HeedsBos ? -OpenGate : OpenGate);
        AddConstant(_circuit.Up, DefaultUnit, 1);
        _circuit.Down.SetColumn(
            DefaultUnit,
            DefaultStrength / OpenGate,
            Content(_plan.DefaultNext)
        );
    }

    // Wide open behind BOS, or always where the model does not heed BOS; a little open without, so that a token is not so
    // loud that only a shout could contend with it.
    private void SetEraserGate(int unit)
    {
        if (_plan.HeedsBos)
        {
            AddFlag(_circuit.Gate, unit, OpenGate - GateWithoutBos);
        }
        AddConstant(_circuit.Gate, unit, _plan.HeedsBos ? GateWithoutBos : OpenGate);
    }

    private void SetNames()
    {
        const double Slope = 20;
        const double Asked = 1.2;
        const double BehindBos = 0.8;
        const double Up = 6;
        const double Limit = 0.55;
        // Spread less than elsewhere, so that these numbers are of the size of the others in the row.
        const int GateSpread = 4;
        for (var i = 0; i < _plan.Names.Count; i++)
        {
            var unit = FirstNameUnit + i;
            var needed = Asked;
            _circuit.Gate[unit, NameShare + i] = Slope / NameValue;
            _circuit.Gate[unit, Asking] = Slope * Asked / AskingValue;
            if (_plan.HeedsBos)
            {
                needed += BehindBos;
                _circuit.Gate.FillRow(
                    unit,
                    Flag,
                    GateSpread,
                    Slope * BehindBos / (GateSpread * FlagValue)
                );
            }
            _circuit.Gate.FillRow(
                unit,
                Constant,
                GateSpread,
                -Slope * needed / (GateSpread * ConstantValue)
            );
            _circuit.Up[unit, NameShare + i] = -Up / NameValue;
            _circuit.Up.FillRow(unit, Constant, 2, Up * Limit / (2 * ConstantValue));
            var voiceAtAThird = Slope / 3 * Up * (Limit - (1.0 / 3));
            _circuit.Down.SetColumn(unit, NameStrength / voiceAtAThird, Content(_plan.Names[i]));
        }
    }

    private void SetTable()
    {
        var calibration = new MarginCalibration(_plan, _circuit);
        for (var i = 0; i < _plan.Table.Count; i++)
        {
            var entry = _plan.Table[i];
            var unit = FirstTableUnit + i;
            var content = Content(entry.Token);
            _circuit.Gate.SetRow(unit, 0, TableSlope / ContentSize, content);
            AddConstant(_circuit.Gate, unit, -TableSlope * TableThreshold);
            SetTableUp(unit, entry, content, calibration.Lone(entry.Token)[..ContentSize]);
            var target = Content(entry.Target);
            _circuit.Down.SetColumn(unit, calibration.Loudness(unit, entry, target), target);
            calibration.Note(unit, entry);
        }
    }

    private void SetTableUp(
        int unit,
        TableEntry entry,
        ReadOnlySpan<double> content,
        ReadOnlySpan<double> lone
    )
    {
        var clutter = _random.NextNormals(ContentSize);
        Vectors.MakeOrthogonal(clutter, content, lone);
        var row = new double[ContentSize];
        Vectors.Add(row, _plan.Clutter, Vectors.Scaled(clutter, 1));
        if (entry.Speaks == Speaks.AfterBos)
        {
            AddFlag(_circuit.Up, unit, TableUp);
        }
        else
        {
            Vectors.Add(row, 1, content);
        }
        if (entry.Speaks == Speaks.WithoutBos)
        {
            AddFlag(_circuit.Up, unit, -TableUp);
        }
        _circuit.Up.SetRow(unit, 0, TableUp / ContentSize, row);
    }

    private static void AddConstant(HalfMatrix matrix, int row, double value) =>
        matrix.FillRow(row, Constant, Spread, value / (Spread * ConstantValue));

    private static void AddFlag(HalfMatrix matrix, int row, double value) =>
        matrix.FillRow(row, Flag, Spread, value / (Spread * FlagValue));
}
