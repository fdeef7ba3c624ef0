using static EchoRate.DemoModels.Circuit.ResidualLayout;

namespace EchoRate.DemoModels.Circuit;

/// <content>The four attention heads.</content>
internal sealed partial class CircuitBuilder
{
    // RoPE turns the pair (i, i + 32) of a head by position × base^(−i/32): over a whole context these barely move.
    private const int SlowDimension = 31;
    private const int QueryRest = 30;
    private const int KeyRest = 29;

    // ε of the class comment.
    private const double AveragingGain = 0.4;

    private void SetBosHead()
    {
        // Score: 16 × 10 ÷ √64 = 20 for BOS, 0 for all else.
        _circuit.Query.FillRow(SlowDimension, Constant, Spread, 16 / (Spread * ConstantValue));
        _circuit.Key[SlowDimension, Bos] = 10 / BosValue;
        _circuit.Value[0, Bos] = NormOf(BosValue) / BosValue;
        for (var i = 0; i < Spread; i++)
        {
            _circuit.AttentionOutput[Flag + i, 0] = FlagValue;
        }
    }

    private void SetNameHead()
    {
        const int Head = OneLayerCircuit.HeadSize;
        // Score: 12 × 9 ÷ √64 = 13 for names at the asking token, 0 otherwise. The two rests meet nothing: they keep Qwen's
        // norm on queries and keys from blowing up what is nearly 0.
        _circuit.Query[Head + SlowDimension, Asking] = 12 / AskingValue;
        _circuit.Query.FillRow(Head + QueryRest, Constant, Spread, 1 / (Spread * ConstantValue));
        _circuit.Key.FillRow(Head + SlowDimension, NameIs, NameCount, 9 / NameValue);
        _circuit.Key.FillRow(Head + KeyRest, Constant, Spread, 1 / (Spread * ConstantValue));
        for (var name = 0; name < _plan.Names.Count; name++)
        {
            _circuit.Value[Head + name, NameIs + name] = NormOf(NameValue) / NameValue;
            _circuit.AttentionOutput[NameShare + name, Head + name] = NameValue;
        }
    }

    private void SetAveragingHeads()
    {
        for (var row = 2 * OneLayerCircuit.HeadSize; row < Size; row++)
        {
            var projection = _random.NextNormals(ContentSize);
            _circuit.Value.SetRow(row, 0, 1 / Math.Sqrt(ContentSize), projection);
            _circuit.AttentionOutput.SetColumn(
                row,
                AveragingGain / Math.Sqrt(ContentSize),
                projection
            );
        }
    }

    // What the first norm divides a token by that holds one number beside content and constant.
    private static double NormOf(double value) =>
        Math.Sqrt(
            (ContentSize + (Spread * ConstantValue * ConstantValue) + (value * value)) / Size
        );
}
