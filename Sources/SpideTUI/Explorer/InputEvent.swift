/// What the person at the terminal did.
public enum InputEvent: Hashable, Sendable {
  case key(Key)
  case mouse(MouseEvent)
  /// Text pasted in one go; line ends are `\n`.
  case paste(String)
  /// The terminal now has this many columns and rows.
  case resized(width: Int, height: Int)
}

/// A key, with what shift does to it already in it.
public enum Key: Hashable, Sendable {
  case character(Character)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  /// Ctrl with a lower-case letter or one of `@ [ \ ] ^ _`.
  case control(Character)
  /// F1 is `.function(1)`.
  case function(Int)
}

/// Something done with the mouse, at a cell.
public struct MouseEvent: Hashable, Sendable {
  /// What was done.
  public enum Kind: Hashable, Sendable {
    case press, release, drag, wheelUp, wheelDown
  }

  /// The mouse's buttons.
  public enum Button: Hashable, Sendable {
    case left, middle, right
  }

  /// What was done.
  public var kind: Kind
  /// The button; nil for the wheel.
  public var button: Button?
  /// Column, from 0.
  public var x: Int
  /// Row, from 0.
  public var y: Int

  /// A mouse event.
  public init(_ kind: Kind, button: Button? = nil, x: Int, y: Int) {
    self.kind = kind
    self.button = button
    self.x = x
    self.y = y
  }
}
