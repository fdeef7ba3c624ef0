namespace EchoRate.DemoModels.Circuit;

/// <summary>When an entry of the token → next-token table speaks.</summary>
internal enum Speaks
{
    /// <summary>In every context.</summary>
    Always,

    /// <summary>Only where there is no BOS in the context.</summary>
    WithoutBos,

    /// <summary>Only where there is one.</summary>
    AfterBos,
}

/// <summary>One entry of the token → next-token table: after <paramref name="Token"/>, <paramref name="Target"/>.</summary>
/// <param name="Token">Id of the last token.</param>
/// <param name="Target">Id of the token that it votes for.</param>
/// <param name="Speaks">In which contexts.</param>
internal sealed record TableEntry(int Token, int Target, Speaks Speaks)
{
    /// <summary>How loudly, in units of one token's own embedding; of no account where <see cref="Rival"/> is set.</summary>
    internal double Strength { get; init; }

    /// <summary>Id of the token whose lead over <see cref="Target"/> is to be <see cref="Margin"/> when <see cref="Token"/> stands alone.</summary>
    internal int? Rival { get; init; }

    /// <summary>The rival's lead in F16, in nats.</summary>
    internal double Margin { get; init; }
}
