namespace EchoRate.DemoModels;

/// <summary>The constructed models that the program can write.</summary>
public static class DemoCatalogue
{
    /// <summary>Echoes without BOS and not behind it, as the Gemma models were found to do.</summary>
    public static DemoModel Echo { get; } = EchoModel.Describe();

    /// <summary>Echoes in neither arm, as Qwen and gpt-oss were found to do.</summary>
    public static DemoModel Plain { get; } = PlainModel.Describe();

    /// <summary>The models of `echorate demo`, in the order of its table.</summary>
    public static IReadOnlyList<DemoModel> All { get; } = [Echo, Plain];
}
