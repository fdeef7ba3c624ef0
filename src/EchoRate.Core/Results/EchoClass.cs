namespace EchoRate.Core.Results;

/// <summary>How close the most likely next token comes to the input token.</summary>
public enum EchoClass
{
    /// <summary>The same id: an echo.</summary>
    Exact,

    /// <summary>Another id with the same bytes.</summary>
    SameBytes,

    /// <summary>Equal but for case and leading space.</summary>
    CaseSpace,

    /// <summary>The input's bytes and more: <c>' sad'</c> → <c>' saddest'</c>.</summary>
    Extends,

    /// <summary>Something else.</summary>
    None,
}
