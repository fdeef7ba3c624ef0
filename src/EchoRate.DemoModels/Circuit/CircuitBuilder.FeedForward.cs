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
    private const double EraserGain = 2.1;
    private const double DefaultStrength = 0.6;
    private const double NameStrength = 3;
    private const double TableSlope = 20;
    private const double TableThreshold = 0.65;
    private const double TableUp = 8;

    private void SetEraser()
    {
        for (var i = 0; i < ContentSize; i++)
        {
            SetArmGate(i);
            _circuit.Up[i, i] = 1;
            _circuit.Down[i, i] = -EraserGain / OpenGate;
        }
    }

    private void SetDefault()
    {
        SetArmGate(DefaultUnit);
        AddConstant(_circuit.Up, DefaultUnit, 1);
        _circuit.Down.SetColumn(
            DefaultUnit,
            DefaultStrength / OpenGate,
            Content(_plan.DefaultNext)
        );
    }

    // Open behind BOS and shut without; open always where the model does not heed BOS.
    private void SetArmGate(int unit)
    {
        if (_plan.HeedsBos)
        {
            AddFlag(_circuit.Gate, unit, 2 * OpenGate);
        }
        AddConstant(_circuit.Gate, unit, _plan.HeedsBos ? -OpenGate : OpenGate);
    }

    private void SetNames()
    {
        // Three votes for being asked, three for BOS, two for a full share, so that a third of the share just suffices
        // where both others are there, and nothing does where one is missing.
        const double Slope = 12;
        const double Threshold = 3.35;
        const double Up = 6;
        for (var i = 0; i < _plan.Names.Count; i++)
        {
            var unit = FirstNameUnit + i;
            _circuit.Gate[unit, Asking] = Slope * 3 / AskingValue;
            _circuit.Gate[unit, NameShare + i] = Slope * 2 / NameValue;
            if (_plan.HeedsBos)
            {
                AddFlag(_circuit.Gate, unit, Slope * 3);
            }
            AddConstant(_circuit.Gate, unit, -Slope * (_plan.HeedsBos ? Threshold + 3 : Threshold));
            AddConstant(_circuit.Up, unit, Up * 0.55);
            _circuit.Up[unit, NameShare + i] = -Up / NameValue;
            // At a third of the share the gate is open by about 4 and up is 1.3.
            _circuit.Down.SetColumn(unit, NameStrength / (4 * 1.3), Content(_plan.Names[i]));
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
            SetTableUp(unit, entry, content);
            var loudness = entry.Rival is { } rival
                ? calibration.Loudness(unit, entry, rival, Content(entry.Target))
                : entry.Strength / (TableSlope * (1.2 - TableThreshold) * TableUp);
            _circuit.Down.SetColumn(unit, loudness, Content(entry.Target));
            calibration.Note(unit, entry);
        }
    }

    private void SetTableUp(int unit, TableEntry entry, double[] content)
    {
        var clutter = _random.NextNormals(ContentSize);
        Vectors.Add(
            clutter,
            -Vectors.Dot(clutter, content) / Vectors.Dot(content, content),
            content
        );
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
