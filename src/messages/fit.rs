//! A wording that a text fits, and what stands in its holes.

use std::borrow::Cow;

use super::{Hit, Measures, Message, Says, Wording, template::Template};

/// Most named holes of one wording.
const MOST_HOLES: usize = 8;

/// A wording that a text fits, and where in the text its named holes are. Most texts are held against a wording or two that they do not fit, so nothing
/// is put on the heap for it.
#[derive(Clone, Copy)]
pub struct Fit<'t> {
    template: &'static Template,
    text: &'t str,
    holes: [(u32, u32); MOST_HOLES],
}

impl<'t> Fit<'t> {
    pub(super) fn of(template: &'static Template, text: &'t str) -> Option<Self> {
        let mut holes = [(0, 0); MOST_HOLES];
        template.fits(text.as_bytes(), &mut holes).then_some(Fit { template, text, holes })
    }

    /// How much text of its own the wording has.
    pub(super) fn weight(&self) -> usize {
        self.template.weight
    }

    pub(super) fn wording(&self) -> &'static Wording {
        self.template.wording
    }

    /// What stands in the named holes.
    pub(super) fn told(&self) -> impl Iterator<Item = (&'static str, &'t str)> {
        self.template.names.iter().zip(self.holes).filter_map(|(name, hole)| Some((*name, self.in_hole(hole)?)))
    }

    fn in_hole(&self, (from, to): (u32, u32)) -> Option<&'t str> {
        self.text.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
    }

    /// The same, to be asked by name.
    pub fn into_hit(self) -> Hit<'t> {
        let mut captures = Vec::with_capacity(self.template.names.len());
        captures.extend(self.told().map(|(name, text)| (name, Cow::Borrowed(text))));
        Hit::of(self.template.message, self.template.wording, captures)
    }
}

impl Says for Fit<'_> {
    fn message(&self) -> &'static Message {
        self.template.message
    }

    fn captures(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.told()
    }

    fn measures(&self) -> Measures<'_> {
        self.template.measured.of(|name| self.in_hole(*self.holes.get(name)?))
    }

    fn peer(&self) -> Option<&str> {
        self.in_hole(*self.holes.get(self.template.peer?)?)
    }

    fn hit(&self) -> Cow<'_, Hit<'_>> {
        Cow::Owned(self.into_hit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::catalogue::CATALOGUE;

    #[test]
    fn there_is_room_for_the_holes_of_every_wording() {
        for template in CATALOGUE.text.all().chain(CATALOGUE.zap.all()) {
            assert!(template.names.len() <= MOST_HOLES, "{}", template.wording.text);
        }
    }
}
