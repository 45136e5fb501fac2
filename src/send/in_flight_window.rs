//! How many requests are in flight at a time: few at first, more while answers come in time, half as many where a server
//! says that it does not keep up.

/// How many there are at first, so that a host that answers nothing gets a few requests and not all of them.
const FIRST: usize = 4;

/// A number of requests that may be in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InFlightWindow {
    size: usize,
    /// How many there may be at most.
    most: usize,
    /// How many more answers may be to requests that left before the window was halved: they say nothing about its size now.
    before_halving: usize,
}

impl InFlightWindow {
    /// A window that grows up to this size.
    pub(crate) fn new(most: usize) -> Self {
        Self { size: FIRST.min(most), most, before_halving: 0 }
    }

    /// How many may be in flight.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// The largest size.
    pub(crate) const fn most(&self) -> usize {
        self.most
    }

    /// A request was answered in time.
    pub(crate) fn in_time(&mut self) {
        match self.before_halving.checked_sub(1) {
            Some(left) => self.before_halving = left,
            None => self.size = (self.size + 1).min(self.most),
        }
    }

    /// The server does not keep up. Others that left with this request may be told so as well: that is one reason, and not
    /// several.
    pub(crate) fn overrun(&mut self) {
        match self.before_halving.checked_sub(1) {
            Some(left) => self.before_halving = left,
            None => {
                self.before_halving = self.size.saturating_sub(1);
                self.size = (self.size / 2).max(1);
            }
        }
    }

    /// It may be an outage.
    pub(crate) fn restart(&mut self) {
        self.size = FIRST.min(self.most);
    }

    /// No more than this many connections can be open.
    pub(crate) fn limit(&mut self, most: usize) {
        self.most = most;
        self.size = self.size.min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_halved_once_for_those_that_left_together_and_rises_again() {
        let mut window = InFlightWindow::new(16);
        (0..20).for_each(|_| window.in_time());
        assert_eq!(window.size(), 16);
        (0..16).for_each(|_| window.overrun());
        assert_eq!(window.size(), 8, "all of them were in flight together");
        window.overrun();
        assert_eq!(window.size(), 4, "and this one left later");
        (0..7).for_each(|_| window.in_time());
        assert_eq!(window.size(), 4, "and these left before");
        (0..3).for_each(|_| window.in_time());
        assert_eq!(window.size(), 7);
        let mut one = InFlightWindow::new(1);
        (0..9).for_each(|_| one.overrun());
        assert_eq!(one.size(), 1);
    }

    #[test]
    fn it_never_passes_what_can_be_open() {
        let mut window = InFlightWindow::new(16);
        (0..20).for_each(|_| window.in_time());
        window.limit(3);
        (0..20).for_each(|_| window.in_time());
        assert_eq!((window.size(), window.most()), (3, 3));
        window.restart();
        assert_eq!(window.size(), 3);
    }
}
